import type { Claimed, FailedItem, ItemSource, SourceContext } from '../source/item-source.js';

/** Items that outlive the feeders that hand them out, as those of a database do; and what became of them. */
export class MemoryStore<T = unknown> {
  readonly waiting: Required<Claimed<T>>[] = [];
  /** Handed out, by key, to which life of a feeder. */
  readonly active = new Map<string, { readonly claimed: Required<Claimed<T>>; readonly source: MemorySource<T> }>();
  readonly done: T[] = [];
  readonly failed: FailedItem<T>[] = [];
  readonly released: T[] = [];
  #keys = 0;

  add(...items: readonly T[]): void {
    for (const item of items) this.waiting.push({ item, key: `key ${++this.#keys}`, attempt: 1 });
  }

  /** What dead feeders had handed out and nobody has adopted waits again, for another attempt. */
  recover(living: MemorySource<T>): void {
    for (const [key, { claimed, source }] of this.active) {
      if (source === living) continue;
      this.active.delete(key);
      this.waiting.push({ ...claimed, attempt: claimed.attempt + 1 });
    }
  }
}

/** A source in memory that can adopt: one life of a feeder over a store that outlives it. */
export class MemorySource<T = unknown> implements ItemSource<T> {
  readonly capabilities = { adopt: true };
  /** Nothing will ever be added. */
  isLast = false;
  #context: SourceContext | undefined;
  #closed = false;

  constructor(readonly store: MemoryStore<T>) {}

  open(context: SourceContext): void {
    this.#context = context;
  }

  wake(): void {
    this.#context?.wake();
  }

  claim(max: number): readonly Claimed<T>[] {
    if (this.#closed) return [];
    const claims = this.store.waiting.splice(0, max);
    for (const claimed of claims) this.store.active.set(claimed.key, { claimed, source: this });
    return claims;
  }

  ended(): boolean {
    return this.isLast && this.store.waiting.length === 0;
  }

  complete(items: readonly Claimed<T>[]): void {
    for (const claimed of items) this.#end(claimed, () => this.store.done.push(claimed.item));
  }

  fail(items: readonly FailedItem<T>[]): void {
    for (const failed of items) this.#end(failed.claimed, () => this.store.failed.push(failed));
  }

  release(items: readonly Claimed<T>[]): void {
    for (const { key, item } of items) {
      const active = this.store.active.get(key!);
      if (active === undefined) throw new Error(`${key} was not handed out`);
      this.store.active.delete(key!);
      this.store.released.push(item);
      this.store.waiting.unshift(active.claimed);
    }
  }

  size(): number {
    return this.store.waiting.length;
  }

  adopt(keys: readonly string[]): readonly Claimed<T>[] {
    return keys.flatMap((key) => {
      const active = this.store.active.get(key);
      if (active === undefined || active.source === this) return [];
      this.store.active.set(key, { claimed: active.claimed, source: this });
      return active.claimed;
    });
  }

  close(): void {
    this.#closed = true;
  }

  #end({ key }: Claimed<T>, record: () => void): void {
    if (!this.store.active.delete(key!)) throw new Error(`${key} has ended twice, or was never handed out`);
    record();
  }
}
