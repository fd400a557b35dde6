import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { bullmq, ipc, zeromq } from '../peers/item-peers.js';
import { runNestFeed } from './nest-feed.js';

const ITEMS = 2_000_000;

/** Peers are slower: each has about as many as it handles in the same time. */
const IPC_ITEMS = 1_000_000;
const ZEROMQ_ITEMS = 400_000;
const BULLMQ_ITEMS = 60_000;
const IN_FLIGHT = 1000;

const queueGroup: Contender = { name: 'queue group', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const [sample] = await runNestFeed(round, { plan: { kind: 'phases', phases: [{ items: ITEMS }] } });
  return sample!;
}

/** Each item is answered, and by us confirmed. */
export const tinyItems: Figure = {
  name: 'tiny',
  title: `tiny JSON items, one consumer with an empty handler; peers with ${IN_FLIGHT.toLocaleString('en-US')} in flight`,
  rounds: 5,
  contenders: [
    queueGroup,
    ipc({ items: IPC_ITEMS, inFlight: IN_FLIGHT }),
    zeromq({ items: ZEROMQ_ITEMS, inFlight: IN_FLIGHT }),
    bullmq(BULLMQ_ITEMS),
  ],
  metrics: [{ key: 'itemsPerSecond', label: 'tiny items', unit: 'items/s' }],
  comparisons: [
    {
      metric: 'itemsPerSecond',
      contender: 'queue group',
      measure: 'ratio',
      against: 'node ipc',
      aim: { atLeast: 1.5 },
    },
    { metric: 'itemsPerSecond', contender: 'queue group', measure: 'ratio', against: 'zeromq', aim: { atLeast: 3 } },
    { metric: 'itemsPerSecond', contender: 'queue group', measure: 'ratio', against: 'bullmq', aim: { atLeast: 15 } },
  ],
};
