import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { runNestFeed } from './nest-feed.js';

const KB = 1000;
const PHASES = [
  { items: 100_000, bytes: KB },
  { items: 2000, bytes: 100 * KB },
];
const CONSUMERS = [1, 4, 16];
const CONCURRENCIES = [1, 100];

function contender(consumers: number, concurrency: number): Contender {
  const name = `${consumers} ${consumers === 1 ? 'consumer' : 'consumers'}, concurrency ${concurrency}`;
  return { name, open: async () => (round) => measure(round, consumers, concurrency) };
}

async function measure(round: Scope, consumers: number, concurrency: number): Promise<Sample> {
  const feed = { consumers, concurrency, plan: { kind: 'phases', phases: PHASES } } as const;
  const [small, large] = await runNestFeed(round, feed, PHASES.length);
  return { smallPerSecond: small!.itemsPerSecond!, largePerSecond: large!.itemsPerSecond! };
}

/** A table: no aims. */
export const sizes: Figure = {
  name: 'sizes',
  title: 'items of 1 kB and 100 kB, by number of consumers and concurrency; empty handlers',
  rounds: 1,
  contenders: CONSUMERS.flatMap((consumers) => CONCURRENCIES.map((concurrency) => contender(consumers, concurrency))),
  metrics: [
    { key: 'smallPerSecond', label: 'items of 1 kB', unit: 'items/s' },
    { key: 'largePerSecond', label: 'items of 100 kB', unit: 'items/s' },
  ],
  comparisons: [],
};
