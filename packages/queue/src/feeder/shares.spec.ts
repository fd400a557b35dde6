import { expect, it } from 'vitest';
import { fairShares } from './shares.js';

const sharesOf = (takers: { held: number; room: number }[], count: number): number[] => {
  const shares = fairShares(takers, count);
  return takers.map((taker) => shares.get(taker) ?? 0);
};

it('shares evenly', () => {
  const free = { held: 0, room: 100 };
  expect(sharesOf([{ ...free }, { ...free }, { ...free }], 9)).toEqual([3, 3, 3]);
  expect(sharesOf([{ ...free }, { ...free }, { ...free }], 10)).toEqual([4, 3, 3]);
});

it('fills up those that have least', () => {
  expect(
    sharesOf(
      [
        { held: 5, room: 100 },
        { held: 0, room: 100 },
        { held: 50, room: 100 },
      ],
      9,
    ),
  ).toEqual([2, 7, 0]);
});

it('gives nobody more than its room, and the rest to the others', () => {
  expect(
    sharesOf(
      [
        { held: 0, room: 2 },
        { held: 0, room: 100 },
      ],
      10,
    ),
  ).toEqual([2, 8]);
  expect(
    sharesOf(
      [
        { held: 0, room: 2 },
        { held: 7, room: 1 },
      ],
      10,
    ),
  ).toEqual([2, 1]);
});

it('shares large counts at once', () => {
  const takers = Array.from({ length: 100 }, () => ({ held: 0, room: 100_000 }));
  expect(sharesOf(takers, 1_000_000)).toEqual(takers.map(() => 10_000));
});
