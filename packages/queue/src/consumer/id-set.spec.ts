import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toRanges } from '../protocol/id-ranges.js';
import { IdSet } from './id-set.js';

it('is a set of numbers, whatever is added and removed', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(fc.record({ adds: fc.boolean(), ids }), { maxLength: 20 }), (changes) => {
      const set = new IdSet();
      const expected = new Set<number>();
      for (const { adds, ids: changed } of changes) {
        set[adds ? 'add' : 'remove'](toRanges(changed));
        for (const id of changed) expected[adds ? 'add' : 'delete'](id);
        expect(set.ranges).toEqual(toRanges(expected));
      }
      for (let id = 0; id <= 61; id++) expect(set.has(id)).toBe(expected.has(id));
      expect([set.count, set.isEmpty]).toEqual([expected.size, expected.size === 0]);
    }),
  );
});
