import { bindSection } from '../binding/bind-section.js';
import type { Place } from '../binding/place.js';
import type { ConfigNode, MapNode } from '../reading/config-node.js';
import { sectionId } from '../schema/section.js';
import type { SectionClass } from '../schema/setting.js';
import { INVALID, type JsonSchema, type ValueType } from './value-type.js';

/** More is a mistake; and the checks of dependencies, which go deep, have a bound. */
const MAX_SECTIONS = 1000;

const MAX_NAME = 100;

/** Not empty, no control characters, no space around it. */
const NAME = /^(?!\s)[^\p{Cc}\p{Cf}\u2028\u2029]+(?<!\s)$/u;

/** A section whose instances know the name they are listed under. */
export interface NamedSection {
  name: string;
}

/** A mapping whose keys are those of a class. */
export function section(sectionClass: SectionClass): ValueType {
  return {
    label: 'mapping',
    expected: 'a mapping',
    schema: reference(sectionClass),
    takes: (node) => node.kind === 'map',
    read: (node, place) => bindSection(sectionClass, node, place),
  };
}

/** A mapping from names to sections, read as a list in the order of the file. In code a list of objects with `name` is fine, too. */
export function namedSections(sectionClass: SectionClass<NamedSection>): ValueType {
  return {
    label: 'mapping of name to mapping',
    expected: 'a mapping of names to mappings',
    schema: {
      type: 'object',
      propertyNames: { pattern: NAME.source, maxLength: MAX_NAME },
      additionalProperties: reference(sectionClass),
      maxProperties: MAX_SECTIONS,
    },
    takes: (node) => node.kind === 'map',
    read: (node, place) => {
      const count = node.kind === 'map' ? node.entries.length : node.kind === 'list' ? node.items.length : 0;
      if (count > MAX_SECTIONS) {
        place.report(node, `found ${count} of them, expected at most ${MAX_SECTIONS}`);
        return INVALID;
      }
      if (node.kind === 'map') return readNamed(node, sectionClass, place);
      if (node.kind === 'list' && place.context.options.inCode) return readList(node.items, sectionClass, place);
      place.wrong(node, 'a mapping of names to mappings');
      return INVALID;
    },
  };
}

function readNamed(node: MapNode, sectionClass: SectionClass<NamedSection>, place: Place): NamedSection[] {
  return node.entries.flatMap(({ key, keyAt, value }) => named(key, value, sectionClass, place.key(key, keyAt)));
}

function readList(
  items: readonly ConfigNode[],
  sectionClass: SectionClass<NamedSection>,
  place: Place,
): NamedSection[] {
  return items.flatMap((item, index) => {
    const name = item.kind === 'map' ? item.entries.find(({ key }) => key === 'name')?.value : undefined;
    if (item.kind !== 'map' || name?.kind !== 'scalar' || typeof name.value !== 'string') {
      place.item(index).wrong(item, 'a mapping with a name');
      return [];
    }
    const rest = { ...item, entries: item.entries.filter(({ key }) => key !== 'name') };
    return named(name.value, rest, sectionClass, place.key(name.value, undefined));
  });
}

function named(name: string, node: ConfigNode, sectionClass: SectionClass<NamedSection>, place: Place): NamedSection[] {
  if (!isName(name)) {
    place.reportKey(
      'found a name that is not allowed, expected 1 to 100 characters, no control characters, no space around them',
    );
  }
  const read = bindSection(sectionClass, node, place);
  return read === INVALID ? [] : [Object.assign(read, { name })];
}

/** Names stand in log lines and in paths of errors. */
function isName(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name);
}

function reference(sectionClass: SectionClass): JsonSchema {
  return { $ref: `#/$defs/${sectionId(sectionClass)}` };
}
