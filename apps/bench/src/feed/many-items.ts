import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { flatMemory, memoryMetrics, memorySample } from './memory.js';
import { runNestFeed } from './nest-feed.js';

const ITEMS = 10_000_000;

const queueGroup: Contender = { name: 'queue group', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const plan = { kind: 'phases', phases: [{ items: ITEMS }] } as const;
  const results = await runNestFeed(round, { work: 'watched', plan }, 2);
  const all: Sample = Object.assign({}, ...results);
  return {
    itemsPerSecond: all.itemsPerSecond!,
    ...memorySample(all.settledMb!, all.endMb!, 'feeder'),
    ...memorySample(all.consumerSettledMb!, all.consumerEndMb!, 'consumer'),
  };
}

export const manyItems: Figure = {
  name: 'ten-million',
  title: `memory of a feeder and a consumer over ${ITEMS.toLocaleString('en-US')} tiny items`,
  rounds: 1,
  contenders: [queueGroup],
  metrics: [
    { key: 'itemsPerSecond', label: 'tiny items', unit: 'items/s' },
    ...memoryMetrics('feeder', 'feeder'),
    ...memoryMetrics('consumer', 'consumer'),
  ],
  comparisons: [flatMemory('queue group', 'feeder'), flatMemory('queue group', 'consumer')],
};
