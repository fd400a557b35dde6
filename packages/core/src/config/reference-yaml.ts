import { TOP_KEY } from './reading/yaml-tree.js';
import { SECTIONS } from './schema/all-sections.js';
import { sectionId, sectionMetadata } from './schema/section.js';
import { ownSettingsOf, type SectionClass, type SettingMetadata } from './schema/setting.js';
import type { JsonSchema } from './types/value-type.js';
import { isUnsupported } from './unsupported.js';

/** What stands for values that have no default of their own, and for those that the file needs to be one. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'root.name': 'my-app',
  'group.command': 'app:test-command',
  'group.params': '{ Param1: Value1 }',
  'group.dependsOn': '[Other Group]',
  'process.console': 'dist/main.js',
  'process.binPath': '/usr/bin/node',
  'process.path': '/srv/app',
  'process.stopTimeout': '30',
  'process.restart': 'on-failure',
  'process.restartDelay': '1',
  'process.maxAge': '24h',
  'process.env': '{ NODE_ENV: production }',
  'reload.order': 'stop-first',
  'ssh.binPath': '/usr/bin/node',
  'ssh.path': '/srv/app',
  'ssh.username': 'deploy',
  'ssh.privateKey': '~/.ssh/id_ed25519',
  'ssh.passphraseEnv': 'KEY_PASSPHRASE',
  'ssh.knownHosts': '~/.ssh/known_hosts',
  'remote.hosts': '[server-host-1, server-host-2:2222]',
  'queue-group.command': 'app:test-queue-command',
  'queue-group.params': '{ Param1: Value1 }',
  'queue.abortGrace': '5',
  'queue.dependsOn': '[My Group]',
  'remote-feeder.hosts': '[server-host-1]',
  'local-consumers.instancesCount': '1',
  'local-consumers.port': '9999',
  'remote-consumers.instancesCount': '1',
  'remote-consumers.port': '9999',
  'remote-consumers.hosts': '[server-host-1, server-host-2]',
};

/** Names under which groups stand in the file. */
const NAMES: Readonly<Record<string, string>> = { groups: 'My Group', queueGroups: 'My Queue' };

/** What is no comment, so that the file can be read as it is. */
const ACTIVE: ReadonlySet<string> = new Set([
  'root.groups',
  'group.command',
  'group.local',
  'local.instancesCount',
  'root.queueGroups',
  'queue-group.command',
  'queue-group.localFeeder',
  'local-feeder.port',
  'queue-group.consumers',
  'consumers.local',
  'local-consumers.instancesCount',
]);

/** Stay comments in a section that is a comment itself: they exclude others. */
const ALTERNATIVES: ReadonlySet<string> = new Set(['minInstances', 'maxInstances', 'maxIdleTime']);

/** Where the keys of these sections are written down; elsewhere a remark points there. */
const SHOWN_AT: Readonly<Record<string, string>> = { process: 'group', ssh: 'remote' };

const WIDTH = 100;

const STEP = '  ';

/** The file with all keys: what is needed, and as comments (`# key: default`) all else, each with what it means. */
export function renderReferenceYaml(): string {
  const head = [
    'All keys of the configuration. What is a comment is the default, or an example where it says so.',
    'Durations are seconds or like 500ms, 2m, 1h. "${NAME}" and "${NAME:-default}" come from the environment.',
  ];
  const lines = [...head.map(remark), `${TOP_KEY}:`, ...indented(renderSection(sectionOf('root'), 'file').slice(1))];
  return `${lines.join('\n')}\n`;
}

/** In a file what has a default is a comment; a block is a comment as a whole. */
type Form = 'file' | 'block';

function renderSection(section: SectionClass, form: Form): string[] {
  const sections = lineage(section);
  return sections.flatMap((declaring, index) => {
    const shownAt = SHOWN_AT[sectionId(declaring)];
    if (shownAt !== undefined && shownAt !== sectionId(section)) return ['', remark(pointer(declaring, shownAt))];
    const newer = new Set(
      sections.slice(0, index).flatMap((each) => ownSettingsOf(each).map(({ yamlKey }) => yamlKey)),
    );
    return ownSettingsOf(declaring)
      .filter(({ property, yamlKey }) => !newer.has(yamlKey) && !isUnsupported(sectionId(section), property))
      .flatMap((setting) => renderSetting(`${sectionId(declaring)}.${setting.property}`, setting, form));
  });
}

/** The section and those it inherits from. */
function lineage(section: SectionClass): SectionClass[] {
  const parent = SECTIONS.find((candidate) => candidate === Object.getPrototypeOf(section));
  return [section, ...(parent ? lineage(parent) : [])];
}

function pointer(section: SectionClass, shownAt: string): string {
  return `Also the ${sectionMetadata(section)?.path}: see ${sectionMetadata(sectionOf(shownAt))?.path}.`;
}

function renderSetting(id: string, setting: SettingMetadata, form: Form): string[] {
  const isComment = form === 'file' ? !ACTIVE.has(id) : ALTERNATIVES.has(setting.property);
  const lines = renderValue(id, setting, form === 'block' || isComment ? 'block' : 'file');
  return ['', ...meaningOf(id, setting).map(remark), ...(isComment ? lines.map(remark) : lines)];
}

function renderValue(id: string, setting: SettingMetadata, form: Form): string[] {
  const child = childOf(setting.type.schema);
  if (child === undefined) return [`${setting.yamlKey}: ${valueOf(id, setting)}`];
  const inner = renderSection(child.section, form).slice(1);
  const name = NAMES[setting.property];
  if (name !== undefined) return [`${setting.yamlKey}:`, ...indented([`${name}:`, ...indented(inner)])];
  return [`${setting.yamlKey}:`, ...indented(child.isList ? ['-', ...indented(inner)] : inner)];
}

/** The description, and below it in brackets the type and the default. */
function meaningOf(id: string, { description, ...setting }: SettingMetadata): string[] {
  const { type, unit, required = false, default: value, defaultNote } = setting;
  const lines = wrap(`${description}.`);
  if (childOf(type.schema) !== undefined) return lines;
  const kind = unit === undefined ? type.label : `${type.label}, ${unit}`;
  const example = EXAMPLES[id] === undefined ? '' : '; an example';
  const fallback = `default: ${defaultNote?.replaceAll('`', '') ?? String(value)}${example}`;
  return [...lines, `[${kind}; ${required ? 'required' : fallback}]`];
}

function valueOf(id: string, { default: value }: SettingMetadata): string {
  return EXAMPLES[id] ?? String(value);
}

/** The section that a schema points at, alone, by names or as a list. */
function childOf(schema: JsonSchema): { section: SectionClass; isList: boolean } | undefined {
  if (typeof schema === 'boolean') return undefined;
  const { $ref, items, additionalProperties } = schema as Record<string, (JsonSchema & { $ref?: string }) | undefined>;
  const reference = ($ref as unknown as string | undefined) ?? items?.$ref ?? additionalProperties?.$ref;
  const section = reference && SECTIONS.find((each) => reference === `#/$defs/${sectionId(each)}`);
  return section ? { section, isList: items !== undefined } : undefined;
}

function sectionOf(id: string): SectionClass {
  return SECTIONS.find((section) => sectionId(section) === id)!;
}

function wrap(text: string): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > WIDTH) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

function remark(line: string): string {
  return line === '' ? '#' : `# ${line}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `${STEP}${line}`));
}
