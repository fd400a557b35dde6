import { Validator } from 'class-validator/cjs/validation/Validator.js';
import type { ConfigNode, MapEntry, MapNode } from '../reading/config-node.js';
import { sectionId } from '../schema/section.js';
import { settingsOf, type SectionClass, type SettingMetadata } from '../schema/setting.js';
import { INVALID } from '../types/value-type.js';
import { isUnsupported, NOT_SUPPORTED } from '../unsupported.js';
import type { Place } from './place.js';
import { didYouMean, suggest } from './suggest.js';

/** A property in the message of a rule. */
const PROPERTY = /\{(\w+)\}/g;

/** One section while it is read. */
interface Reading {
  readonly section: object;
  readonly sectionClass: SectionClass;
  readonly node: MapNode;
  readonly place: Place;
  readonly settings: readonly SettingMetadata[];
  /** Properties about which something was reported: the rules leave them out. */
  readonly reported: Set<string>;
}

/** Reads a mapping into an instance of its class; reports all that is wrong with it. */
export function bindSection<T extends object>(
  sectionClass: SectionClass<T>,
  node: ConfigNode,
  place: Place,
): T | typeof INVALID {
  if (node.kind !== 'map') {
    place.wrong(node, 'a mapping ({} for an empty one)');
    return INVALID;
  }
  const section = new sectionClass();
  const settings = settingsOf(sectionClass);
  const reading = { section, sectionClass, node, place, settings, reported: new Set<string>() };
  place.context.origins.set(section, { path: place.path, keyAt: place.options.keyAt, node });
  for (const entry of node.entries) bindEntry(reading, entry);
  reportMissing(reading);
  applyRules(reading);
  return section;
}

function bindEntry(reading: Reading, { key, keyAt, value }: MapEntry): void {
  const { section, place, settings, reported } = reading;
  const setting = settings.find(({ property }) => place.context.keyName(property) === key);
  const at = place.key(key, keyAt, setting?.secret || place.secret);
  if (!setting) return reportUnknown(reading, key, at);
  if (place.context.options.refuseUnsupported && isUnsupported(sectionId(reading.sectionClass), setting.property)) {
    at.reportKey(NOT_SUPPORTED);
  }
  const read = setting.type.read(value, at);
  if (read === INVALID) reported.add(setting.property);
  else Object.assign(section, { [setting.property]: read });
}

/** The key that was probably meant counts as reported: nobody wants to read that it is missing, too. */
function reportUnknown({ settings, place, reported }: Reading, key: string, at: Place): void {
  const known = settings.map(({ property }) => place.context.keyName(property));
  at.reportKey(`found an unknown key, expected one of ${known.join(', ')}${didYouMean(key, known)}`);
  const meant = settings[known.indexOf(suggest(key, known) ?? '')];
  if (meant) reported.add(meant.property);
}

function reportMissing({ section, node, place, settings, reported }: Reading): void {
  for (const { property, required, type } of settings) {
    if (!required || reported.has(property) || Object.hasOwn(section, property)) continue;
    place.reportSection(node, `the key ${place.context.keyName(property)} is missing, expected ${type.expected}`);
    reported.add(property);
  }
}

/** class-validator's part: ranges, and the rules between keys. Not about keys that something was said about already. */
function applyRules(reading: Reading): void {
  const errors = new Validator().validateSync(reading.section, { forbidUnknownValues: false });
  for (const { property, constraints = {} } of errors) {
    for (const message of Object.values(constraints)) {
      const properties = [property, ...Array.from(message.matchAll(PROPERTY), ([, name = '']) => name)];
      if (!properties.some((name) => reading.reported.has(name))) reportRule(reading, property, message);
    }
  }
}

/** At the value, or at the section when the key is not there. */
function reportRule({ section, node, place, settings }: Reading, property: string, message: string): void {
  const entry = place.context.origins.property(section, property)?.entry;
  if (!entry) return place.reportSection(node, wordRule(message, place, undefined));
  const secret = settings.find((setting) => setting.property === property)?.secret;
  const at = place.key(entry.key, entry.keyAt, secret || place.secret);
  at.report(entry.value, wordRule(message, at, entry.value));
}

/** Puts the found value and the keys' names into a rule's message. */
function wordRule(message: string, place: Place, found: ConfigNode | undefined): string {
  return message.replace(PROPERTY, (_, name: string) =>
    name === 'found' && found ? place.describe(found) : place.context.keyName(name),
  );
}
