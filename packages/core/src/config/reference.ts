import { SECTIONS } from './schema/all-sections.js';
import { sectionId, sectionMetadata } from './schema/section.js';
import { ownSettingsOf, type SectionClass, type SettingMetadata } from './schema/setting.js';
import { isUnsupported, NOT_SUPPORTED } from './unsupported.js';

/** Sections that only stand below keys that are not supported yet. */
const BELOW: Readonly<Record<string, string>> = {
  'job-queue': 'root.jobQueues',
  source: 'root.jobQueues',
  'retry-delay': 'root.jobQueues',
};

/** The reference of all keys in Markdown: a heading and a table for each section. Generated from the classes. */
export function renderReference(): string {
  return `${SECTIONS.map(renderSection).join('\n\n')}\n`;
}

function renderSection(section: SectionClass): string {
  const { path = section.name, description = '' } = sectionMetadata(section) ?? {};
  const heading = /^[A-Za-z ]+ settings$/.test(path) ? capitalize(path) : `\`${path}\``;
  const intro = [description, inherited(section), unsupportedSection(section)].filter(Boolean).join(' ');
  const rows = ownSettingsOf(section).map((setting) => renderRow(section, setting));
  return [
    `### ${heading}`,
    '',
    intro,
    '',
    '| key | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function inherited(section: SectionClass): string {
  const parents: string[] = [];
  for (let parent = parentOf(section); parent; parent = parentOf(parent)) {
    const { path } = sectionMetadata(parent) ?? {};
    if (path !== undefined) parents.push(`[${path}](#${path.toLowerCase().replaceAll(' ', '-')})`);
  }
  return parents.length > 0 ? `It also has the keys of the ${parents.join(' and the ')}.` : '';
}

function parentOf(section: SectionClass): SectionClass | undefined {
  const parent: unknown = Object.getPrototypeOf(section);
  return SECTIONS.find((candidate) => candidate === parent);
}

function unsupportedSection(section: SectionClass): string {
  const [above = '', property = ''] = (BELOW[sectionId(section)] ?? '').split('.');
  return isUnsupported(above, property) ? `**${capitalize(NOT_SUPPORTED)}.**` : '';
}

function renderRow(section: SectionClass, setting: SettingMetadata): string {
  const unsupported = isUnsupportedAnywhere(section, setting) ? ` **${capitalize(NOT_SUPPORTED)}.**` : '';
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`;
  const cells = [
    `\`${setting.yamlKey}\``,
    `${setting.type.label}${unit}`,
    defaultOf(setting),
    `${setting.description}.${unsupported}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Keys that sections inherit are listed once; they count as unsupported when groups or queue groups cannot have them. */
const STANDS_FOR: Readonly<Record<string, string>> = { process: 'group', queue: 'queue-group' };

function isUnsupportedAnywhere(section: SectionClass, { property }: SettingMetadata): boolean {
  const id = sectionId(section);
  return isUnsupported(STANDS_FOR[id] ?? id, property);
}

function defaultOf(setting: SettingMetadata): string {
  if (setting.required) return 'required';
  if (setting.defaultNote !== undefined) return setting.defaultNote;
  return setting.default === undefined ? '' : `\`${String(setting.default)}\``;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
