import { TOP_KEY } from './reading/yaml-tree.js';
import { SECTIONS } from './schema/all-sections.js';
import { ruleSchemas } from './schema/rules.js';
import { sectionId, sectionMetadata } from './schema/section.js';
import { settingsOf, type SectionClass, type SettingMetadata } from './schema/setting.js';
import type { JsonSchema } from './types/value-type.js';
import { isUnsupported } from './unsupported.js';

/**
 * The schema of the whole file, made from the classes that check it. It lets through what the file may say; of what goes
 * beyond one mapping (names that are unique, dependencies, sizes) it knows nothing.
 */
export function jsonSchema(): Readonly<Record<string, JsonSchema | string | object>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Distributed Architecture',
    description: 'Groups of long-running processes that run-master starts, watches and stops.',
    type: 'object',
    properties: { [TOP_KEY]: { $ref: '#/$defs/root' } },
    required: [TOP_KEY],
    additionalProperties: false,
    $defs: definitions(),
  };
}

/** A value that comes from the environment, whatever it is there. */
const FROM_ENVIRONMENT: JsonSchema = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}' };

/** Only what can be reached: nothing points at what is not supported yet. */
function definitions(): Record<string, JsonSchema> {
  const all = new Map(SECTIONS.map((section) => [sectionId(section), sectionSchema(section)]));
  all.set('environment', FROM_ENVIRONMENT);
  const reached = new Map<string, JsonSchema>();
  const reach = (id: string): void => {
    const schema = all.get(id);
    if (schema === undefined || reached.has(id)) return;
    reached.set(id, schema);
    for (const [, other = ''] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([\w-]+)"/gu)) reach(other);
  };
  reach('root');
  return Object.fromEntries(reached);
}

function sectionSchema(section: SectionClass): JsonSchema {
  const settings = settingsOf(section).filter(({ property }) => !isUnsupported(sectionId(section), property));
  const required = settings.filter((setting) => setting.required).map(({ yamlKey }) => yamlKey);
  const rules = ruleSchemas(section);
  return {
    description: sectionMetadata(section)?.description,
    type: 'object',
    properties: Object.fromEntries(settings.map((setting) => [setting.yamlKey, settingSchema(setting)])),
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(rules.length > 0 && { allOf: rules }),
  };
}

function settingSchema({ type, description, unit, default: value, defaultNote }: SettingMetadata): JsonSchema {
  const note = defaultNote === undefined ? '' : ` Default: ${defaultNote}.`;
  const of = type.schema === true ? {} : type.schema;
  const shown = `${description}${unit === undefined ? '' : ` (${unit})`}.${note}`;
  return { description: shown, ...(value !== undefined && { default: value }), ...(of as object) };
}
