import type { IdRanges } from '../protocol/feed-message.js';
import { RangeBuilder } from '../protocol/range-builder.js';

/** Items in a row of numbers, as they came in one frame; no object is made for each. */
export interface Batch {
  /** Number of `items[0]`. */
  readonly first: number;
  readonly attempt: number;
  readonly items: readonly unknown[];
  /** What is left of it: from this index on ... */
  from: number;
  /** ... up to before this one. */
  to: number;
}

/** So many used places are kept at the front before they are cut off. */
const SPARE = 1024;

/** Items in order, taken from the front. */
export class ItemQueue {
  #batches: Batch[] = [];
  #head = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(batch: Batch): void {
    this.#batches.push(batch);
    this.#count += batch.to - batch.from;
  }

  /** The batch at the front; its first item is what `drop` drops. */
  front(): Batch | undefined {
    return this.#batches[this.#head];
  }

  /** Drops the first item. */
  drop(): void {
    const batch = this.#batches[this.#head]!;
    batch.from++;
    this.#count--;
    if (batch.from === batch.to) this.#dropBatch();
  }

  /** Moves so many, or all, from the front of this to the end of the other. */
  moveTo(other: ItemQueue, most: number): void {
    let left = most;
    for (let batch = this.front(); batch !== undefined && left > 0; batch = this.front()) {
      const size = Math.min(left, batch.to - batch.from);
      left -= size;
      this.#count -= size;
      other.push({ ...batch, to: batch.from + size });
      batch.from += size;
      if (batch.from === batch.to) this.#dropBatch();
    }
  }

  /** Takes all, each batch as it is. */
  takeAll(): Batch[] {
    const batches = this.#batches.slice(this.#head);
    this.#batches = [];
    this.#head = 0;
    this.#count = 0;
    return batches;
  }

  /** Puts batches before all others. */
  unshift(batches: readonly Batch[]): void {
    if (batches.length === 0) return;
    const all = [...batches, ...this.takeAll()];
    for (const batch of all) this.push(batch);
  }

  ids(): IdRanges {
    const ids = new RangeBuilder();
    for (const { first, from, to } of this.#batches.slice(this.#head)) ids.addRange(first + from, first + to - 1);
    return ids.take();
  }

  /** Whether any of them is here. */
  has(ids: ReadonlySet<number>): boolean {
    const batches = this.#batches.slice(this.#head);
    return [...ids].some((id) => batches.some(({ first, from, to }) => id >= first + from && id < first + to));
  }

  /**
   * Gives each item another number, or drops it.
   *
   * @param rename returns the new number, undefined to drop it
   */
  rename(rename: (id: number) => number | undefined): void {
    for (const { first, attempt, items, from, to } of this.takeAll()) {
      for (let index = from; index < to; index++) {
        const id = rename(first + index);
        if (id !== undefined) this.push({ first: id, attempt, items: [items[index]], from: 0, to: 1 });
      }
    }
  }

  #dropBatch(): void {
    this.#head++;
    if (this.#head < this.#batches.length && this.#head < SPARE) return;
    this.#batches.splice(0, this.#head);
    this.#head = 0;
  }
}
