import { isPromise } from './call-source.js';

/** A batch that is there is not held back for longer by slow calls. */
const GATHER_MS = 5;

/** There is no item now. */
export const NOTHING = Symbol('nothing');

export interface PullerOptions<T> {
  /** Asks for one more. */
  readonly next: () => unknown;
  /** What it gave. @returns the item, or NOTHING */
  readonly itemOf: (given: unknown) => T | typeof NOTHING;
  /** What is thrown instead of what a call has thrown. Default: the same. */
  readonly failed?: (error: unknown) => unknown;
  /** Items that came when nobody wanted them any more. */
  readonly late: (items: readonly T[]) => void;
}

/**
 * Makes batches of single items, one call at a time. What gives its items at once gives many in a batch, also where each
 * is a promise; a promise that waits does not hold back those before it: its item goes into a later batch.
 */
export class ItemPuller<T> {
  #items: T[] = [];
  #max = 0;
  #began = 0;
  #nextCheck = 0;
  #asking = false;
  #armed = false;
  #closed = false;
  #failure: { readonly error: unknown } | undefined;
  #claim: PromiseWithResolvers<T[]> | undefined;

  constructor(private readonly options: PullerOptions<T>) {}

  /** Items, or a call for one, that were left from the batch before. */
  get isWaiting(): boolean {
    return this.#asking || this.#items.length > 0;
  }

  get gathered(): number {
    return this.#items.length;
  }

  /** @returns at most so many. Throws, or rejects with, what a call has thrown, after the items that came before */
  pull(max: number): T[] | Promise<T[]> {
    if (this.#closed) return [];
    this.#max = max;
    this.#began = performance.now();
    this.#nextCheck = this.#items.length + 1;
    if (!this.#asking && this.#gather()) return this.#take();
    this.#claim = Promise.withResolvers();
    this.#arm();
    return this.#claim.promise;
  }

  /** Ends a batch that waits, with what it has. */
  close(): void {
    this.#closed = true;
    this.#claim?.resolve(this.#items);
    this.#claim = undefined;
    this.#items = [];
  }

  /** @returns false while a promise is waited for */
  #gather(): boolean {
    while (this.#failure === undefined && this.#items.length < this.#max && !this.#isLate()) {
      try {
        const given = this.options.next();
        if (isPromise(given)) {
          this.#asking = true;
          given.then(this.#onGiven, this.#onError);
          return false;
        }
        const item = this.options.itemOf(given);
        if (item === NOTHING) return true;
        this.#items.push(item);
      } catch (error) {
        this.#fail(error);
      }
    }
    return true;
  }

  /** The time is looked at more seldom while items come fast. */
  #isLate(): boolean {
    const count = this.#items.length;
    if (count < this.#nextCheck) return false;
    this.#nextCheck = Math.min(count * 2, count + 64);
    return performance.now() - this.#began > GATHER_MS;
  }

  #take(): T[] {
    if (this.#items.length === 0 && this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      throw error;
    }
    const items = this.#items;
    this.#items = [];
    return items;
  }

  readonly #onGiven = (given: unknown): void => {
    this.#asking = false;
    let item: T | typeof NOTHING = NOTHING;
    try {
      item = this.options.itemOf(given);
    } catch (error) {
      this.#fail(error);
    }
    if (item !== NOTHING && this.#closed) return this.options.late([item]);
    if (item !== NOTHING) this.#items.push(item);
    if (this.#claim === undefined) return;
    if (item === NOTHING || this.#gather()) this.#finish();
    else this.#arm();
  };

  readonly #onError = (error: unknown): void => {
    this.#asking = false;
    this.#fail(error);
    this.#finish();
  };

  #fail(error: unknown): void {
    this.#failure = { error: this.options.failed === undefined ? error : this.options.failed(error) };
  }

  /** Others have had their turn: a promise that still waits is one that waits. */
  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      if (this.#items.length > 0) this.#finish();
    });
  }

  #finish(): void {
    const claim = this.#claim;
    this.#claim = undefined;
    if (claim === undefined) return;
    try {
      claim.resolve(this.#take());
    } catch (error) {
      claim.reject(error);
    }
  }
}
