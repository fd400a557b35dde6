import type { IdRanges } from './feed-message.js';

/**
 * Gathers numbers of items as ranges. A number that follows the one before costs next to nothing; others are sorted in
 * at the end.
 */
export class RangeBuilder {
  #ranges: [first: number, last: number][] = [];
  #last = -1;
  #ascending = true;

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  add(id: number): void {
    this.addRange(id, id);
  }

  addRange(first: number, last: number): void {
    const end = this.#last;
    if (end >= 0 && first === end + 1) {
      this.#ranges[this.#ranges.length - 1]![1] = last;
    } else {
      if (first <= end) this.#ascending = false;
      this.#ranges.push([first, last]);
    }
    this.#last = last;
  }

  /** What was gathered, ascending, each number once; the builder is empty afterwards. */
  take(): IdRanges {
    const ranges = this.#ascending ? this.#ranges : merge(this.#ranges);
    this.#ranges = [];
    this.#last = -1;
    this.#ascending = true;
    return ranges;
  }
}

function merge(ranges: [number, number][]): IdRanges {
  ranges.sort(([one], [other]) => one - other);
  const merged: [number, number][] = [];
  for (const range of ranges) {
    const before = merged.at(-1);
    if (before === undefined || range[0] > before[1] + 1) merged.push(range);
    else if (range[1] > before[1]) before[1] = range[1];
  }
  return merged;
}
