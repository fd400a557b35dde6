import type { Logger } from '@distributed-architecture/core';
import { isPromise } from './call-source.js';
import { excerptOf } from './item-excerpt.js';
import { ItemPuller, NOTHING } from './item-puller.js';
import type { Claimed, FailedItem, ItemSource, SourceContext } from './item-source.js';

/**
 * Items out of an iterable; its end is the end of the source. There is nobody to tell about their outcomes: what fails is
 * logged. An iteration that throws is over: the feeder ends with that error when all it gave is answered.
 */
export class IterableSource<T> implements ItemSource<T> {
  readonly capabilities = { adopt: false };
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  readonly #puller: ItemPuller<Claimed<T>>;
  #logger: Logger | undefined;
  #ended = false;

  constructor(items: Iterable<T> | AsyncIterable<T>) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#puller = new ItemPuller({
      next: () => this.#iterator.next(),
      itemOf: (result) => this.#itemOf(result as IteratorResult<T>),
      late: () => {},
    });
  }

  open({ logger }: SourceContext): void {
    this.#logger = logger;
  }

  claim(max: number): readonly Claimed<T>[] | Promise<readonly Claimed<T>[]> {
    if (this.#ended && !this.#puller.isWaiting) return [];
    try {
      const items = this.#puller.pull(max);
      return isPromise(items) ? items.catch((error: unknown) => this.#fail(error)) : items;
    } catch (error) {
      return this.#fail(error);
    }
  }

  ended(): boolean {
    return this.#ended && !this.#puller.isWaiting;
  }

  complete(): void {}

  fail(items: readonly FailedItem<T>[]): void {
    for (const { claimed, reason } of items) {
      this.#logger?.warn(`The item ${excerptOf(claimed.item)} has failed (${reason.kind}): ${reason.message}`);
    }
  }

  release(): void {}

  async close(): Promise<void> {
    const isBusy = this.#puller.isWaiting && this.#puller.gathered === 0;
    this.#puller.close();
    if (this.#ended) return;
    const returned = Promise.resolve(this.#iterator.return?.());
    // An iteration that waits for its next item does not return before it has it, which may be never.
    if (isBusy) returned.catch(() => {});
    else await returned;
  }

  #itemOf(result: IteratorResult<T>): Claimed<T> | typeof NOTHING {
    // As a `for` loop does: what only looks like an iterator would give undefined for ever.
    if (typeof result !== 'object') throw new TypeError(`Iterator result ${String(result)} is not an object`);
    const { done, value } = result;
    if (done !== true) return { item: value };
    this.#ended = true;
    return NOTHING;
  }

  #fail(error: unknown): never {
    this.#ended = true;
    throw error;
  }
}
