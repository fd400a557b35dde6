import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdRanges } from './feed-message.js';
import { countOf, covers, describeRanges, expand, toRanges } from './id-ranges.js';
import { RangeBuilder } from './range-builder.js';

const ids = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
const sorted = (numbers: readonly number[]) => [...new Set(numbers)].toSorted((one, other) => one - other);

describe('ranges', () => {
  it.each<[number[], IdRanges]>([
    [[], []],
    [[1, 2, 3], [[1, 3]]],
    [
      [1, 2, 4, 7, 8],
      [
        [1, 2],
        [4, 4],
        [7, 8],
      ],
    ],
    [
      [8, 1, 7, 2, 2],
      [
        [1, 2],
        [7, 8],
      ],
    ],
  ])('of %j are %j', (numbers, ranges) => {
    expect(toRanges(numbers)).toEqual(ranges);
  });

  it('stand for the same numbers, each once and ascending, whatever their order was', () => {
    fc.assert(
      fc.property(ids, (numbers) => {
        const ranges = toRanges(numbers);
        expect(expand(ranges)).toEqual(sorted(numbers));
        expect(countOf(ranges)).toBe(new Set(numbers).size);
      }),
    );
  });

  it('are as few as can be', () => {
    fc.assert(
      fc.property(ids, (numbers) => {
        const ranges = toRanges(numbers);
        ranges.slice(1).forEach(([first], index) => expect(first).toBeGreaterThan(ranges[index]![1] + 1));
      }),
    );
  });

  it('cover what they contain', () => {
    fc.assert(
      fc.property(ids, ids, (outer, inner) => {
        const contained = inner.every((id) => outer.includes(id));
        expect(covers(toRanges(outer), toRanges(inner))).toBe(contained);
        expect(
          covers(
            sorted(outer).map((id) => [id, id] as const),
            toRanges(inner),
          ),
        ).toBe(contained);
      }),
    );
  });

  it('are described for logs', () => {
    expect(
      describeRanges([
        [3, 5],
        [9, 9],
      ]),
    ).toBe('3-5, 9');
    expect(describeRanges([])).toBe('');
  });
});

describe('a builder', () => {
  it('is empty again after take, and does not touch what was taken', () => {
    const builder = new RangeBuilder();
    expect(builder.isEmpty).toBe(true);
    builder.add(1);
    const taken = builder.take();
    expect(builder.isEmpty).toBe(true);
    builder.add(2);
    expect([taken, builder.take(), builder.take()]).toEqual([[[1, 1]], [[2, 2]], []]);
  });

  it('takes ranges in any order, also such that contain each other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(9))), (parts) => {
        const builder = new RangeBuilder();
        for (const [first, more] of parts) builder.addRange(first, first + more);
        const numbers = parts.flatMap(([first, more]) => expand([[first, first + more]]));
        expect(expand(builder.take())).toEqual(sorted(numbers));
      }),
    );
  });
});
