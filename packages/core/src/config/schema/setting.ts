import { ValidateBy } from 'class-validator/cjs/decorator/common/ValidateBy.js';
import { max } from 'class-validator/cjs/decorator/number/Max.js';
import { min } from 'class-validator/cjs/decorator/number/Min.js';
import { toYamlKey } from '../binding/key-names.js';
import type { Range, ValueType } from '../types/value-type.js';

export interface SettingOptions {
  readonly type: ValueType;
  /** What the key means, for the reference. */
  readonly description: string;
  /** `s`, `MB`, ...; durations need none. */
  readonly unit?: string;
  /** Applied by whoever uses the value; shown in the reference. */
  readonly default?: string | number | boolean;
  /** A default that is no value, in words. */
  readonly defaultNote?: string;
  readonly required?: boolean;
  /** Its values are never shown in errors. */
  readonly secret?: boolean;
}

/** A key of a section. */
export interface SettingMetadata extends SettingOptions {
  readonly property: string;
  readonly yamlKey: string;
}

/** A class whose instances are read from a mapping of the configuration. */
export type SectionClass<T extends object = object> = new () => T;

const SETTINGS = Symbol('settings');

interface HasSettings {
  [SETTINGS]?: SettingMetadata[];
}

/** Makes a property a key of its section. Its name in YAML is the property's in snake_case. */
export function Setting(options: SettingOptions): PropertyDecorator {
  return (prototype, property) => {
    const name = String(property);
    ownSettings(prototype).push({ ...options, property: name, yamlKey: toYamlKey(name) });
    if (options.type.range) InRange(options.type.range, options.type.expected)(prototype, property);
  };
}

/** The keys of a section: its own first, then those it inherits; what it declares again counts once. */
export function settingsOf(section: SectionClass): SettingMetadata[] {
  const all = new Map<string, SettingMetadata>();
  for (let prototype = section.prototype; prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const setting of declaredIn(prototype)) if (!all.has(setting.property)) all.set(setting.property, setting);
  }
  return [...all.values()];
}

/** The keys that a section declares itself. */
export function ownSettingsOf(section: SectionClass): SettingMetadata[] {
  return declaredIn(section.prototype);
}

function declaredIn(prototype: HasSettings): SettingMetadata[] {
  return Object.hasOwn(prototype, SETTINGS) ? (prototype[SETTINGS] ?? []) : [];
}

function ownSettings(prototype: HasSettings): SettingMetadata[] {
  if (!Object.hasOwn(prototype, SETTINGS)) Object.defineProperty(prototype, SETTINGS, { value: [] });
  return declaredIn(prototype);
}

/** class-validator's `Min` and `Max` in one, so that a value out of range is one problem; other types of a union pass. */
function InRange(range: Range, expected: string): PropertyDecorator {
  return ValidateBy({
    name: 'inRange',
    validator: {
      validate: (value) => typeof value !== 'number' || (min(value, range.min) && max(value, range.max)),
      defaultMessage: () => `found {found}, expected ${expected}`,
    },
  });
}
