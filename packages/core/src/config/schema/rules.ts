import { ValidateBy } from 'class-validator/cjs/decorator/common/ValidateBy.js';
import type { ValidationArguments } from 'class-validator';
import { toYamlKey } from '../binding/key-names.js';
import type { JsonSchema } from '../types/value-type.js';
import type { SectionClass } from './setting.js';

/*
 * Rules between the keys of one section, as validators of class-validator. In their messages `{property}` stands for the
 * key as it is written in the configuration, `{found}` for the value that was found.
 */

type Section = Record<string, unknown>;

const SCHEMAS = Symbol('schemas');

interface HasSchemas {
  [SCHEMAS]?: JsonSchema[];
}

/** The rules of a section, its own and those it inherits, as far as JSON Schema can say them. */
export function ruleSchemas(section: SectionClass): JsonSchema[] {
  const schemas: JsonSchema[] = [];
  for (let prototype = section.prototype as HasSchemas; prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (Object.hasOwn(prototype, SCHEMAS)) schemas.push(...(prototype[SCHEMAS] ?? []));
  }
  return schemas;
}

/** The key excludes others. */
export function ExcludesKeys(...others: string[]): PropertyDecorator {
  return rule('excludesKeys', {
    schema: (property) => ({ not: { anyOf: others.map((other) => given(property, other)) } }),
    holds: (value, section) => value === undefined || others.every((other) => section[other] === undefined),
    message: (property, section) => {
      const found = others.filter((other) => section[other] !== undefined);
      return `found {${property}} together with ${names(found, 'and')}, expected one or the other`;
    },
  });
}

/** At least one of this key and others is given. */
export function NeedsOneOf(...others: string[]): PropertyDecorator {
  return rule('needsOneOf', {
    schema: (property) => ({ anyOf: [property, ...others].map((each) => given(each)) }),
    holds: (value, section) => value !== undefined || others.some((other) => section[other] !== undefined),
    message: (property) => `found neither ${names([property, ...others], 'nor')}, expected at least one of them`,
  });
}

/** Exactly one of this key and another is given. */
export function EitherOr(other: string): PropertyDecorator {
  return rule('eitherOr', {
    schema: (property) => ({ oneOf: [given(property), given(other)] }),
    holds: (value, section) => (value === undefined) !== (section[other] === undefined),
    message: (property, section) => {
      const found = section[other] === undefined ? 'neither' : 'both';
      return `found ${found} {${property}} ${found === 'both' ? 'and' : 'nor'} {${other}}, expected exactly one of them`;
    },
  });
}

/** The number is not above that of another key, or that one's default. */
export function NotAbove(other: string, defaultOfOther: number): PropertyDecorator {
  const limit = (section: Section) => (typeof section[other] === 'number' ? section[other] : defaultOfOther);
  return rule('notAbove', {
    holds: (value, section) => typeof value !== 'number' || value <= limit(section),
    message: (_, section) =>
      `found {found}, expected at most {${other}}${section[other] === undefined ? ` (${limit(section)}, its default)` : ''}`,
  });
}

/** The key goes with some values of another key, and is needed there if `required`. */
export function OnlyWith(
  other: string,
  allowed: readonly unknown[],
  { required = false, otherDefault = '' } = {},
): PropertyDecorator {
  const actual = (section: Section) => section[other] ?? otherDefault;
  return rule('onlyWith', {
    holds: (value, section) =>
      allowed.includes(actual(section)) ? !required || value !== undefined : value === undefined,
    message: (property, section) =>
      section[property] === undefined
        ? `the key {${property}} is missing: {${other}} ${String(actual(section))} needs it`
        : `found {${property}} with {${other}} ${String(actual(section))}, expected it with ${allowed.join(' or ')} only`,
  });
}

interface Rule {
  /** What it says, where JSON Schema has words for it. */
  readonly schema?: (property: string) => JsonSchema;
  readonly holds: (value: unknown, section: Section) => boolean;
  readonly message: (property: string, section: Section) => string;
}

function rule(name: string, { schema, holds, message }: Rule): PropertyDecorator {
  const section = (args?: ValidationArguments) => (args?.object ?? {}) as Section;
  const validate = ValidateBy({
    name,
    validator: {
      validate: (value, args) => holds(value, section(args)),
      defaultMessage: (args) => message(args?.property ?? '', section(args)),
    },
  });
  return (prototype, property) => {
    validate(prototype, property);
    if (schema) ownSchemas(prototype).push(schema(String(property)));
  };
}

function ownSchemas(prototype: HasSchemas): JsonSchema[] {
  if (!Object.hasOwn(prototype, SCHEMAS)) Object.defineProperty(prototype, SCHEMAS, { value: [] });
  return prototype[SCHEMAS] ?? [];
}

/** A mapping that has all of these keys. */
function given(...properties: string[]): JsonSchema {
  return { required: properties.map(toYamlKey) };
}

function names(properties: readonly string[], word: string): string {
  return properties.map((property) => `{${property}}`).join(` ${word} `);
}
