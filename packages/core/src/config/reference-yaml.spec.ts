import { describe, expect, it } from 'vitest';
import { errorLines } from './broken-yaml.spec.helper.js';
import { renderReferenceYaml } from './reference-yaml.js';
import { SECTIONS } from './schema/all-sections.js';
import { sectionId } from './schema/section.js';
import { ownSettingsOf } from './schema/setting.js';
import { isUnsupported } from './unsupported.js';

const yaml = renderReferenceYaml();
const lines = yaml.split('\n');

/** Numbers of the lines of a comment that is one setting: `# key: value`, or a section with what stands in it. */
function blocks(): number[][] {
  const starts = lines.flatMap((line, index) => (/^ *# [a-z_]+:( [^ ].*)?$/u.test(line) ? [index] : []));
  return starts.map((start) => {
    const indent = lines[start]!.indexOf('#');
    const end = lines.findIndex(
      (line, index) => index > start && !line.startsWith(`${' '.repeat(indent)}#  `) && line.trim() !== '#',
    );
    return Array.from({ length: end - start }, (_, index) => start + index);
  });
}

function withActive(block: readonly number[]): string {
  return lines.map((line, index) => (block.includes(index) ? line.replace(/^( *)# ?/u, '$1') : line)).join('\n');
}

/** Excluded by what is active in the file. */
const ALTERNATIVES = /^ *# (min_instances|max_instances|remote_feeder|remote|dependsOn|depends_on):/u;

describe('the reference as YAML', () => {
  it('loads as it is', () => {
    expect(errorLines(yaml, { refuseUnsupported: true })).toEqual([]);
  });

  it('has every key that is supported', () => {
    const keys = SECTIONS.filter(
      (section) => !['job-queue', 'source', 'retry-delay'].includes(sectionId(section)),
    ).flatMap((section) =>
      ownSettingsOf(section)
        .filter(({ property }) => !isUnsupported(sectionId(section), property))
        .map(({ yamlKey }) => yamlKey),
    );
    for (const key of keys) expect(yaml, key).toMatch(new RegExp(`^[ #-]*${key}: ?`, 'mu'));
  });

  it('loads with any of its comments made a setting', () => {
    const settings = blocks().filter(([start = 0]) => !ALTERNATIVES.test(lines[start]!));
    expect(settings.length).toBeGreaterThan(30);
    for (const block of settings)
      expect(errorLines(withActive(block), { refuseUnsupported: true }), lines[block[0]!]).toEqual([]);
  });

  it('has a value for each key', () => {
    expect(yaml).not.toContain('undefined');
  });

  it('has the defaults', () => {
    expect(yaml).toContain('# timeout: 30\n');
    expect(yaml).toContain('#   max_size: 100\n');
    expect(yaml).toContain('# [integer, 1 to 1048576, MB; default: 100]');
  });
});
