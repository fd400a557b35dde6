import type { IdRanges } from './feed-message.js';
import { RangeBuilder } from './range-builder.js';

/** The numbers as ranges; in any order, and each counts once. */
export function toRanges(ids: Iterable<number>): IdRanges {
  const builder = new RangeBuilder();
  for (const id of ids) builder.add(id);
  return builder.take();
}

export function expand(ranges: IdRanges): number[] {
  const ids: number[] = [];
  forEachId(ranges, (id) => ids.push(id));
  return ids;
}

export function forEachId(ranges: IdRanges, visit: (id: number) => void): void {
  for (const [first, last] of ranges) {
    for (let id = first; id <= last; id += 1) visit(id);
  }
}

export function countOf(ranges: IdRanges): number {
  let count = 0;
  for (const [first, last] of ranges) count += last - first + 1;
  return count;
}

/** Whether each number of `inner` is one of `outer`. Ranges of `outer` may touch: `[[1, 2], [3, 4]]` covers `[[2, 3]]`. */
export function covers(outer: IdRanges, inner: IdRanges): boolean {
  let index = 0;
  for (const [first, last] of inner) {
    let next = first;
    while (next <= last) {
      while (index < outer.length && outer[index]![1] < next) index += 1;
      const range = outer[index];
      if (range === undefined || range[0] > next) return false;
      next = range[1] + 1;
    }
  }
  return true;
}

/** For logs: `3-5, 9`. */
export function describeRanges(ranges: IdRanges): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
