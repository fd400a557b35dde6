import type { Place } from '../binding/place.js';
import type { ConfigNode } from '../reading/config-node.js';
import { INVALID, type ValueType } from './value-type.js';

/** A list of distinct values of one type. */
export function list(of: ValueType, { min = 0, max = 1000 } = {}): ValueType {
  const count = min === max ? `exactly ${min} of` : min > 0 ? `at least ${min} of` : 'any number of';
  const type: ValueType = {
    label: `list of ${of.label}`,
    expected: `a list (${count}: ${of.expected})`,
    schema: { type: 'array', items: of.schema, minItems: min, maxItems: max },
    takes: (node) => node.kind === 'list',
    read: (node, place) => {
      if (node.kind !== 'list') {
        place.wrong(node, type.expected);
        return INVALID;
      }
      const { length } = node.items;
      if (length >= min && length <= max) return readItems(node.items, of, place);
      place.report(node, `found a list of ${length}, expected ${type.expected}`);
      return INVALID;
    },
  };
  return type;
}

function readItems(nodes: readonly ConfigNode[], of: ValueType, place: Place): unknown {
  const items: unknown[] = [];
  for (const [index, node] of nodes.entries()) {
    const item = of.read(node, place.item(index));
    const first = typeof item === 'string' ? items.indexOf(item) : -1;
    if (first >= 0) place.item(index).report(node, `found ${place.describe(node)} a second time, expected it once`);
    items.push(item);
  }
  return items.includes(INVALID) ? INVALID : items;
}

/** A mapping of free names to values of one type. */
export function record(of: ValueType, names: { pattern: RegExp; expected: string }): ValueType {
  const type: ValueType = {
    label: `mapping of name to ${of.label}`,
    expected: `a mapping of names to values (${of.expected})`,
    schema: { type: 'object', propertyNames: { pattern: names.pattern.source }, additionalProperties: of.schema },
    takes: (node) => node.kind === 'map',
    read: (node, place) => {
      if (node.kind !== 'map') {
        place.wrong(node, type.expected);
        return INVALID;
      }
      const entries = node.entries.map(({ key, keyAt, value }) => {
        const at = place.key(key, keyAt);
        if (!names.pattern.test(key)) at.reportKey(`found a name that is not allowed, expected ${names.expected}`);
        return [key, of.read(value, at)] as const;
      });
      // fromEntries defines properties, so that a key "__proto__" is a key like any other.
      return entries.some(([, value]) => value === INVALID) ? INVALID : Object.fromEntries(entries);
    },
  };
  return type;
}

/** One of several types: the first that can read the value. */
export function either(...types: ValueType[]): ValueType {
  const type: ValueType = {
    label: types.map(({ label }) => label).join(' or '),
    expected: types.map(({ expected }) => expected).join(', or '),
    schema: { anyOf: types.map(({ schema }) => schema) },
    words: types.flatMap(({ words }) => words ?? []),
    takes: (node) => types.some((candidate) => candidate.takes(node)),
    read: (node, place) => {
      const candidates = types.filter((candidate) => candidate.takes(node));
      // A mapping for the one type that is a mapping: its own errors say more than "neither".
      if (candidates.length === 1 && node.kind !== 'scalar') return candidates[0]!.read(node, place);
      for (const candidate of candidates) {
        const value = candidate.read(node, place.silent());
        if (value !== INVALID && isInRange(value, candidate)) return value;
      }
      place.wrong(node, type.expected);
      return INVALID;
    },
  };
  return type;
}

function isInRange(value: unknown, { range }: ValueType): boolean {
  return typeof value !== 'number' || !range || (value >= range.min && value <= range.max);
}
