import { expect, it } from 'vitest';
import { LatestMeasures } from './latest-measures.js';

it('keeps of each process what is known of its latest life, until it is taken', () => {
  const measures = new LatestMeasures();
  measures.add(1, 1, { rss: 10, cpu: 0.5 });
  measures.add(1, 1, { rss: 11 });
  measures.add(2, 1, { rss: 5, lag: 3 });
  measures.add(2, 2, { rss: 6 });
  expect(measures.take()).toEqual([
    { id: 1, incarnation: 1, measure: { rss: 11, cpu: 0.5 } },
    { id: 2, incarnation: 2, measure: { rss: 6 } },
  ]);
  expect(measures.take()).toEqual([]);
});
