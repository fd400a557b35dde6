import { expect, it } from 'vitest';
import { ItemTimes } from './item-times.js';

it('begins as many as are handled at once, in the order of their announcement', () => {
  const times = new ItemTimes();
  for (const id of [1, 2, 3, 4]) times.announce(id);
  expect(times.start(2, 10, () => true)).toBe(true);
  expect(times.begunBy(10)).toEqual([1, 2]);
  expect(times.start(2, 20, () => true)).toBe(false);
  times.end(1);
  times.start(2, 30, () => true);
  expect(times.begunBy(29)).toEqual([2]);
  expect(times.begunBy(30)).toEqual([2, 3]);
  expect(times.first).toBe(10);
});

it('passes over what is answered or given back already', () => {
  const times = new ItemTimes();
  for (let id = 1; id <= 5000; id++) times.announce(id);
  times.start(1, 1, (id) => id > 4000);
  expect(times.begunBy(1)).toEqual([4001]);
});

it('what is announced twice is begun once', () => {
  const times = new ItemTimes();
  times.announce(1);
  times.announce(1);
  times.start(2, 1, () => true);
  times.end(1);
  times.start(2, 2, () => false);
  expect(times.first).toBeUndefined();
});
