import { expect, it } from 'vitest';
import { spreadOf } from './spread.js';

it('spreads times, in whatever order they come', () => {
  const times = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(spreadOf(times)).toEqual({ p50: 101, p99: 199, worst: 200 });
  expect(spreadOf([7])).toEqual({ p50: 7, p99: 7, worst: 7 });
});
