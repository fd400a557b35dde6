import type { ConfigNode, MapEntry } from './config-node.js';
import { itemPath, keyPath } from './key-path.js';
import type { ProblemList } from './problem-list.js';

const MAX_DEPTH = 100;

/** Turns an object given in code into the tree that YAML gives. Properties that are undefined count as absent. */
export function readObject(value: unknown, problems: ProblemList, path = '', depth = 0): ConfigNode {
  if (depth > MAX_DEPTH) {
    problems.add(path, `found more than ${MAX_DEPTH} levels (an object that holds itself?), expected fewer`);
    return scalar(null);
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => readObject(item, problems, itemPath(path, index), depth + 1));
    return { kind: 'list', items };
  }
  return isMapping(value) ? { kind: 'map', entries: entriesOf(value, problems, path, depth) } : scalar(value);
}

function entriesOf(value: object, problems: ProblemList, path: string, depth: number): MapEntry[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => ({ key, value: readObject(item, problems, keyPath(path, key), depth + 1) }));
}

/** Objects of classes are fine (options may be one), those that stand for something else than their properties are not. */
function isMapping(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return !(value instanceof Date || value instanceof Map || value instanceof Set || value instanceof RegExp);
}

function scalar(value: unknown): ConfigNode {
  return { kind: 'scalar', value, source: sourceOf(value), substituted: false };
}

function sourceOf(value: unknown): string {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  return typeof value === 'object' ? value.constructor.name : typeof value;
}
