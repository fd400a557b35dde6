import type { IdRanges } from '../protocol/feed-message.js';
import { countOf } from '../protocol/id-ranges.js';

type Range = readonly [first: number, last: number];

/** Numbers of items as ranges that are ascending and do not touch. What comes in order is added and removed at next to no cost. */
export class IdSet {
  #ranges: Range[] = [];

  get ranges(): IdRanges {
    return this.#ranges;
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  get count(): number {
    return countOf(this.#ranges);
  }

  has(id: number): boolean {
    const range = this.#ranges[this.#indexOf(id)];
    return range !== undefined && range[0] <= id;
  }

  add(ranges: IdRanges): void {
    for (const [first, last] of ranges) this.#addRange(first, last);
  }

  remove(ranges: IdRanges): void {
    for (const [first, last] of ranges) this.#removeRange(first, last);
  }

  clear(): void {
    this.#ranges = [];
  }

  /** Joins it with all that overlap or touch it. */
  #addRange(first: number, last: number): void {
    const start = this.#indexOf(first - 1);
    let end = start;
    while (end < this.#ranges.length && this.#ranges[end]![0] <= last + 1) end++;
    const joined = this.#ranges.slice(start, end);
    const range: Range = [Math.min(first, joined[0]?.[0] ?? first), Math.max(last, joined.at(-1)?.[1] ?? last)];
    this.#ranges.splice(start, end - start, range);
  }

  #removeRange(first: number, last: number): void {
    const start = this.#indexOf(first);
    let end = start;
    const left: Range[] = [];
    for (; end < this.#ranges.length && this.#ranges[end]![0] <= last; end++) {
      const [from, to] = this.#ranges[end]!;
      if (from < first) left.push([from, first - 1]);
      if (to > last) left.push([last + 1, to]);
    }
    this.#ranges.splice(start, end - start, ...left);
  }

  /** Index of the first range that ends at `id` or later. */
  #indexOf(id: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle]![1] < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
