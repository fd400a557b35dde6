import { expect, it } from 'vitest';
import { isProcessMeasure, isWorkMeasure } from './measure-checks.js';
import { HANDLING_BUCKETS } from './process-measure.js';

const counts = [...HANDLING_BUCKETS.map(() => 0), 1];
const items = { busy: 0, done: 1, failed: 2, released: 3 };

it.each([{}, { rss: 1.5 }, { rss: 0, cpu: 2, lag: 10, items, times: { counts, sum: 400.5 } }])('%j is one', (value) => {
  expect(isProcessMeasure(value)).toBe(true);
});

it.each([
  null,
  { rss: -1 },
  { cpu: '1' },
  { lag: Infinity },
  { items: { ...items, done: 1.5 } },
  { items: { busy: 0 } },
  { times: { counts, sum: -1 } },
  { times: { counts: counts.slice(1), sum: 0 } },
  { times: { counts: counts.map(() => -1), sum: 0 } },
  { times: { sum: 0 } },
])('%j is none', (value) => {
  expect(isProcessMeasure(value)).toBe(false);
});

it('statistics need not tell of items', () => {
  expect(isWorkMeasure({ type: 'stats' })).toBe(true);
});
