import type { Logger } from '@distributed-architecture/core';
import type { ItemFailedError } from './item-errors.js';

/**
 * Where a feeder gets its items: the port that the feeder needs. One feeder uses it, never two calls of `claim` at a time.
 *
 * Each claimed item comes back exactly once within the life of the feeder: by `complete`, `fail` or `release`. Calls
 * take batches; a promise that rejects is reported and counts as done.
 */
export interface ItemSource<T = unknown> {
  readonly capabilities: SourceCapabilities;
  /** Called once, before all else. What it throws ends the feeder. */
  open?(context: SourceContext): void | Promise<void>;
  /**
   * Takes items over.
   *
   * @param max at least 1
   * @returns at most so many; none: nothing now (it is asked again at `wake`, or after the poll interval). A promise may wait for items.
   */
  claim(max: number): readonly Claimed<T>[] | Promise<readonly Claimed<T>[]>;
  /** True: `claim` will never return anything again. Asked after each `claim`. */
  ended(): boolean;
  /** Consumers have handled these. */
  complete(items: readonly Claimed<T>[]): void | Promise<void>;
  /** These have failed: their handler threw, they timed out, their consumer was lost, or they cannot be sent. */
  fail(items: readonly FailedItem<T>[]): void | Promise<void>;
  /** These were surely never begun, and the feeder ends. */
  release(items: readonly Claimed<T>[]): void | Promise<void>;
  /** How many items wait, where that is known. */
  size?(): number | undefined;
  /**
   * Goes on with items that a dead feeder had handed out, and that a consumer still has (capability `adopt`).
   *
   * @param keys of items that the consumer lists
   * @returns those that are this source's to give out
   */
  adopt?(keys: readonly string[]): readonly Claimed<T>[] | Promise<readonly Claimed<T>[]>;
  /** Called once, last, also after a failed `open`; a waiting `claim` ends with what it has. */
  close?(): void | Promise<void>;
}

/** What sources can do beyond the rest of the port. */
export interface SourceCapabilities {
  /** It has lasting keys for its items, and `adopt`. */
  readonly adopt: boolean;
}

/** What a source may use. */
export interface SourceContext {
  readonly logger: Logger;
  /** There may be items: `claim` is called soon. */
  wake(): void;
}

/** An item that the feeder has taken over. The feeder keeps this very object and hands it back. */
export interface Claimed<T = unknown> {
  readonly item: T;
  /** The source's own, lasting name of the item; required with the capability `adopt`. */
  readonly key?: string;
  /** Which attempt this is, from 1. Default 1. */
  readonly attempt?: number;
}

export interface FailedItem<T = unknown> {
  readonly claimed: Claimed<T>;
  readonly reason: ItemFailedError;
}
