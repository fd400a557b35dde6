import type { Place } from '../binding/place.js';
import type { ConfigNode } from '../reading/config-node.js';
import { INVALID, type ValueType } from './value-type.js';

const EXPECTED = 'a text, a number, true, false, null, a list or a mapping';

/** Whatever YAML can say, and JSON can carry to a slave. Text from the environment stays text. */
export function anything(): ValueType {
  return { label: 'any', expected: EXPECTED, schema: true, takes: () => true, read: readAny };
}

function readAny(node: ConfigNode, place: Place): unknown {
  if (node.kind === 'list') return valid(node.items.map((item, index) => readAny(item, place.item(index))));
  if (node.kind === 'map') {
    const entries = node.entries.map(({ key, keyAt, value }) => [key, readAny(value, place.key(key, keyAt))] as const);
    return entries.some(([, value]) => value === INVALID) ? INVALID : Object.fromEntries(entries);
  }
  if (node.broken) return INVALID;
  if (node.value === null || ['string', 'boolean'].includes(typeof node.value) || Number.isFinite(node.value))
    return node.value;
  place.wrong(node, typeof node.value === 'number' ? 'a finite number' : EXPECTED);
  return INVALID;
}

function valid(items: unknown[]): unknown {
  return items.includes(INVALID) ? INVALID : items;
}
