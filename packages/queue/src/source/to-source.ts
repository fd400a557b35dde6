import { FeederSource } from './feeder-source.js';
import type { Feeder, FeederLike } from './feeder.js';
import { FeederInvalidError } from './feeder-invalid-error.js';
import type { ItemSource } from './item-source.js';
import { IterableSource } from './iterable-source.js';

/**
 * Whatever items come from, as a source.
 *
 * @throws FeederInvalidError for what is none of them
 */
export function toSource<T>(from: ItemSource<T> | FeederLike<T>): ItemSource<T> {
  if (isSource(from)) return from;
  if (isFeeder(from)) return new FeederSource(from);
  if (isIterable(from)) return new IterableSource(from);
  throw new FeederInvalidError(from);
}

function isSource<T>(from: ItemSource<T> | FeederLike<T>): from is ItemSource<T> {
  return has(from, 'claim') && has(from, 'complete');
}

/** A Map has a method `get` as well. */
function isFeeder<T>(from: FeederLike<T>): from is Feeder<T> {
  return (has(from, 'get') || has(from, 'getMany')) && !(from instanceof Map);
}

function isIterable<T>(from: FeederLike<T>): from is Iterable<T> | AsyncIterable<T> {
  return has(from, Symbol.asyncIterator) || has(from, Symbol.iterator);
}

function has(from: unknown, method: string | symbol): boolean {
  const value =
    typeof from === 'object' && from !== null ? (from as Record<string | symbol, unknown>)[method] : undefined;
  return typeof value === 'function';
}
