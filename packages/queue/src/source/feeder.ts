import type { ItemFailedError } from './item-errors.js';

/**
 * An application's own source of items. Methods may be async; only one `get` or `getMany` runs at a time, `success` and
 * `error` may overlap when they are async. What they throw is reported with the item, and the feeder goes on.
 */
export interface Feeder<T = unknown> {
  /** The next item; null or undefined: nothing now. A promise may wait for one. */
  get(): T | null | undefined | Promise<T | null | undefined>;
  /** Up to `max` items at once; preferred to `get` where it is there. None: nothing now. */
  getMany?(max: number): readonly T[] | Promise<readonly T[]>;
  /** True: `get` is not even asked for now. */
  empty?(): boolean | Promise<boolean>;
  /** True: nothing ever again. When all that was handed out is answered, the queue group ends. */
  ended?(): boolean;
  /** How many items wait, where that is known: for consumers on demand. */
  size?(): number | undefined;
  /** A consumer has handled it: the very object that was handed out. */
  success?(item: T): void | Promise<void>;
  /** It failed: `handleItem` threw, it timed out, its consumer was lost, or it could not be sent. See `ItemFailedError.kind`. */
  error?(item: T, reason: ItemFailedError): void | Promise<void>;
  /** It was handed out but surely never begun, and the feeder ends. Without this method `error` is called, kind `released`. */
  release?(item: T): void | Promise<void>;
}

/** What `getFeeder` may return: a feeder, or items, whose end is the end of the queue group. */
export type FeederLike<T = unknown> = Feeder<T> | Iterable<T> | AsyncIterable<T>;
