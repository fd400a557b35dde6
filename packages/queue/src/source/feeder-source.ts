import type { Logger } from '@distributed-architecture/core';
import { isPromise, whenDone } from './call-source.js';
import { describeError } from './describe-error.js';
import type { Feeder } from './feeder.js';
import { ItemFailedError } from './item-errors.js';
import { excerptOf } from './item-excerpt.js';
import { ItemPuller, NOTHING } from './item-puller.js';
import type { Claimed, FailedItem, ItemSource, SourceContext } from './item-source.js';

/** The application's own `Feeder` as a source. What `success`, `error` and `release` throw is logged with the item. */
export class FeederSource<T> implements ItemSource<T> {
  readonly capabilities = { adopt: false };
  readonly #puller: ItemPuller<Claimed<T>>;
  #logger: Logger | undefined;
  #closed = false;
  /** Ends a claim that waits for `empty` or `getMany`. */
  #endClaim: (() => void) | undefined;

  constructor(private readonly feeder: Feeder<T>) {
    this.#puller = new ItemPuller({
      next: () => feeder.get(),
      failed: (error) => thrownBy('get', error),
      itemOf: (item) => (item == null ? NOTHING : { item: item as T }),
      late: (items) => void this.release(items),
    });
  }

  open({ logger }: SourceContext): void {
    this.#logger = logger;
  }

  claim(max: number): readonly Claimed<T>[] | Promise<readonly Claimed<T>[]> {
    if (this.#closed) return [];
    if (this.#puller.isWaiting) return this.#puller.pull(max);
    const empty = named('empty', () => this.feeder.empty?.() ?? false);
    if (isPromise(empty)) return this.#unlessClosed('empty', empty, (isEmpty) => (isEmpty ? [] : this.#take(max)));
    return empty ? [] : this.#take(max);
  }

  ended(): boolean {
    return !this.#puller.isWaiting && atOnce('ended', this.feeder.ended?.() ?? false);
  }

  size(): number | undefined {
    const size = this.feeder.size?.();
    if (size === undefined) return undefined;
    const count: unknown = atOnce('size', size);
    if (typeof count === 'number' && Number.isFinite(count)) {
      return Math.max(0, Math.ceil(count)) + this.#puller.gathered;
    }
    throw new TypeError(`size of the feeder returned ${nameOf(count)}, it has to be a number, or undefined`);
  }

  complete(items: readonly Claimed<T>[]): void | Promise<void> {
    if (this.feeder.success === undefined) return;
    return this.#each(
      items,
      'success',
      ({ item }) => this.feeder.success!(item),
      ({ item }) => item,
    );
  }

  fail(items: readonly FailedItem<T>[]): void | Promise<void> {
    const call = ({ claimed: { item }, reason }: FailedItem<T>): void | Promise<void> => {
      if (this.feeder.error !== undefined) return this.feeder.error(item, reason);
      this.#logger?.warn(`The item ${excerptOf(item)} has failed (${reason.kind}): ${reason.message}`);
    };
    return this.#each(items, 'error', call, ({ claimed: { item } }) => item);
  }

  release(items: readonly Claimed<T>[]): void | Promise<void> {
    if (this.feeder.release !== undefined) {
      return this.#each(
        items,
        'release',
        ({ item }) => this.feeder.release!(item),
        ({ item }) => item,
      );
    }
    if (this.feeder.error === undefined) {
      this.#logger?.warn(`${counted(items.length)} never begun and nobody is told: the feeder ends and has no release`);
      return;
    }
    const message = 'It was never begun: the feeder ends';
    return this.fail(items.map((claimed) => ({ claimed, reason: new ItemFailedError({ kind: 'released', message }) })));
  }

  close(): void {
    this.#closed = true;
    this.#puller.close();
    this.#endClaim?.();
  }

  #take(max: number): Claimed<T>[] | Promise<Claimed<T>[]> {
    if (this.feeder.getMany === undefined) return this.#puller.pull(max);
    const items = named('getMany', () => this.feeder.getMany!(max));
    return isPromise(items) ? this.#unlessClosed('getMany', items, itemsOf<T>) : itemsOf(items);
  }

  /** What comes after the close goes back at once. */
  #unlessClosed<V>(
    method: string,
    promise: PromiseLike<V>,
    claimOf: (value: V) => Claimed<T>[] | Promise<Claimed<T>[]>,
  ): Promise<Claimed<T>[]> {
    return new Promise((resolve, reject) => {
      this.#endClaim = () => resolve([]);
      const given = (value: V): void => {
        this.#endClaim = undefined;
        if (!this.#closed) whenDone(() => claimOf(value), resolve, reject);
        else if (Array.isArray(value)) void this.release(itemsOf<T>(value));
      };
      promise.then(given, (error: unknown) => reject(thrownBy(method, error)));
    });
  }

  #each<E>(
    entries: readonly E[],
    method: string,
    call: (entry: E) => void | Promise<void>,
    itemOf: (entry: E) => T,
  ): void | Promise<void> {
    let waiting: PromiseLike<void>[] | undefined;
    const report = (error: unknown, entry: E): void =>
      this.#logger?.error(
        `${method} of the feeder threw for the item ${excerptOf(itemOf(entry))}: ${describeError(error)}`,
      );
    for (const entry of entries) {
      try {
        const result = call(entry);
        if (isPromise(result)) (waiting ??= []).push(result.then(undefined, (error: unknown) => report(error, entry)));
      } catch (error) {
        report(error, entry);
      }
    }
    return waiting && Promise.all(waiting).then(() => {});
  }
}

function named<R>(method: string, call: () => R): R {
  try {
    return call();
  } catch (error) {
    throw thrownBy(method, error);
  }
}

/** Whose the error is; its stack is in the message. */
function thrownBy(method: string, cause: unknown): Error {
  const error = new Error(`${method} of the feeder threw: ${describeError(cause)}`, { cause });
  error.stack = error.message;
  return error;
}

/** Holes of an array are items as well: there is one who asked for so many. */
function itemsOf<T>(items: readonly T[] | null | undefined): Claimed<T>[] {
  if (items == null) return [];
  if (Array.isArray(items)) return Array.from(items as readonly T[], (item) => ({ item }));
  throw new TypeError(`getMany of the feeder returned ${nameOf(items)}, it has to be an array`);
}

/** What has to be told at once: a promise would count as true. */
function atOnce<V>(method: string, value: V): V {
  if (!isPromise(value as V | PromiseLike<V>)) return value;
  (value as PromiseLike<V>).then(undefined, () => {});
  throw new TypeError(`${method} of the feeder returned a promise, it has to tell at once`);
}

function nameOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${value === null ? 'null' : typeof value}`;
}

function counted(count: number): string {
  return count === 1 ? '1 item was' : `${count} items were`;
}
