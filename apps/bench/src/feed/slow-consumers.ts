import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { flatMemory, memoryMetrics, memorySample } from './memory.js';
import { runNestFeed } from './nest-feed.js';

const CONSUMERS = 2;
const CONCURRENCY = 20;
const HANDLE_MS = 10;
const ITEM_BYTES = 1000;

/** About 4,000 a second: for 25 s the feeder could hand out far more than is taken. */
const ITEMS = 100_000;

const queueGroup: Contender = { name: 'queue group', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const [feeder] = await runNestFeed(round, {
    work: 'slow',
    handleMs: HANDLE_MS,
    consumers: CONSUMERS,
    concurrency: CONCURRENCY,
    plan: { kind: 'phases', phases: [{ items: ITEMS, bytes: ITEM_BYTES }] },
  });
  const { itemsPerSecond, settledMb, endMb } = feeder!;
  return { itemsPerSecond: itemsPerSecond!, ...memorySample(settledMb!, endMb!, 'feeder') };
}

export const slowConsumers: Figure = {
  name: 'slow-consumers',
  title: `memory of a feeder whose ${CONSUMERS} consumers take ${HANDLE_MS} ms for an item, ${CONCURRENCY} at once`,
  rounds: 1,
  contenders: [queueGroup],
  metrics: [{ key: 'itemsPerSecond', label: 'items of 1 kB', unit: 'items/s' }, ...memoryMetrics('feeder', 'feeder')],
  comparisons: [flatMemory('queue group', 'feeder')],
};
