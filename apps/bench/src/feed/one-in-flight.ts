import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { ipc, zeromq } from '../peers/item-peers.js';
import { runNestFeed } from './nest-feed.js';

const ITEMS = 30_000;

const queueGroup: Contender = { name: 'queue group', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const [sample] = await runNestFeed(round, { plan: { kind: 'one-in-flight', items: ITEMS } });
  return sample!;
}

/** From handing an item out until its answer is there. */
export const oneInFlight: Figure = {
  name: 'one-in-flight',
  title: 'tiny JSON items one after the other, each when the one before is answered',
  rounds: 5,
  contenders: [queueGroup, ipc({ items: ITEMS, inFlight: 1 }), zeromq({ items: ITEMS, inFlight: 1 })],
  metrics: [
    { key: 'p50Us', label: 'half of the items take', unit: 'us', digits: 1 },
    { key: 'p99Us', label: '99 % of the items take', unit: 'us', digits: 1 },
  ],
  comparisons: [
    { metric: 'p50Us', contender: 'queue group', measure: 'ratio', against: 'node ipc', aim: { atMost: 1.25 } },
    { metric: 'p50Us', contender: 'queue group', measure: 'ratio', against: 'zeromq' },
    { metric: 'p99Us', contender: 'queue group', measure: 'ratio', against: 'node ipc', aim: { atMost: 2 } },
    { metric: 'p99Us', contender: 'queue group', measure: 'ratio', against: 'zeromq' },
  ],
};
