import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorLines, group, queue, text } from './broken-yaml.spec.helper.js';
import { configurationSchema } from './configuration-reference.js';
import { jsonSchema } from './json-schema.js';
import { renderReferenceYaml } from './reference-yaml.js';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(jsonSchema());

/** What is wrong with a text; empty when it is fine. */
function problems(yaml: string): string[] {
  return validate(load(yaml))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The fenced YAML of a page that is a whole configuration. */
async function yamlsOf(page: string): Promise<string[]> {
  const found = (await readFile(page, 'utf8')).matchAll(/^ *```yaml[^\n]*\n([\s\S]*?)^ *```/gmu);
  return [...found]
    .map(([, yaml = '']) => yaml)
    .filter((yaml) => yaml.trimStart().startsWith('distributed_architecture:'));
}

describe('the JSON Schema', () => {
  it('is what the package ships: run `npm run docs` if this fails', async () => {
    const shipped = await readFile('packages/core/schema/distributed_architecture.schema.json', 'utf8');
    expect(shipped).toBe(await configurationSchema());
  });

  it('takes the example, the reference and what the pages show, unless that is to be wrong', async () => {
    const pages = ['README.md'];
    for await (const page of glob('docs/*.md')) pages.push(page);
    const shown = (await Promise.all(pages.map(yamlsOf))).flat();
    expect(shown.length).toBeGreaterThan(0);
    const example = await readFile('config/distributed_architecture.yaml', 'utf8');
    for (const yaml of [...shown, example, renderReferenceYaml()]) {
      const isWrong = errorLines(yaml).some((line) => !line.includes('is not set'));
      expect(problems(yaml).length > 0, `${yaml}${problems(yaml).join()}`).toBe(isWrong);
    }
  });

  it.each([
    group('local: {}', 'timeout: 1.5', 'stop_timeout: 2m', 'params: { a: [1, { b: null }] }', 'env: { A: 1, B: true }'),
    group('local: { instances_count: "${COUNT:-2}" }', 'console: false', 'memory_limit: "${LIMIT}"'),
    group('remote: [{ hosts: [one, "me@two:22", "[::1]:22"], host_key_checking: off }]'),
    group('local: {}', 'reload: { batch: 2, pause: 500ms, order: start-first }'),
    queue('window: 5', 'local_feeder: {}', 'consumers: { local: { max_instances: 3 } }'),
    text('distributed_architecture:', '  name: "${NAME}"', '  groups: { "a b": { command: c, local: {} } }'),
  ])('takes what the file may say: %#', (yaml) => {
    expect(problems(yaml)).toEqual([]);
  });

  it.each([
    ['an unknown key', group('local: {}', 'timeuot: 1')],
    [
      'an unknown key at the top',
      text('distributed_architecture: { groups: { A: { command: a, local: {} } } }', 'more: 1'),
    ],
    ['a missing command', text('distributed_architecture: { groups: { A: { local: {} } } }')],
    ['a text for a duration', group('local: {}', 'timeout: abc')],
    ['a duration below the least', group('local: {}', 'start_timeout: 0')],
    ['a fraction for an integer', group('local: { instances_count: 1.5 }')],
    ['a number out of range', group('local: {}', 'priority: 20')],
    ['a word that is none of those', group('local: {}', 'restart: allways')],
    [
      'a name of a group with a space at its end',
      text('distributed_architecture: { groups: { "A ": { command: a, local: {} } } }'),
    ],
    ['neither local nor remote', group('timeout: 1')],
    ['no host', group('remote: [{ hosts: [] }]')],
    ['two feeders', queue('local_feeder: {}', 'remote_feeder: { hosts: [a] }', 'consumers: { local: {} }')],
    [
      'a fixed number and one on demand',
      queue('local_feeder: {}', 'consumers: { local: { instances_count: 1, max_instances: 2 } }'),
    ],
    ['no groups', text('distributed_architecture: { name: a }')],
    ['what is not supported yet', queue('source: {}', 'local_feeder: {}', 'consumers: { local: {} }')],
    [
      'a wrong level',
      text('distributed_architecture: { log: { level: loud }, groups: { A: { command: a, local: {} } } }'),
    ],
  ])('refuses %s', (_, yaml) => {
    expect(problems(yaml)).not.toEqual([]);
  });
});
