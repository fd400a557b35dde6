import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import { FEED_FIXTURES } from './fixtures/paths.js';
import { startNestFeed } from './nest-feed.js';

const CONSUMERS = 100;

/** Long enough that no consumer can take the items of another. */
const HANDLE_MS = 50;

const queueGroup: Contender = { name: 'queue group', open: async () => measure };

/** The feeder is held back until all consumers are there, so that all of them connect in the moment in which it listens. */
async function measure(round: Scope): Promise<Sample> {
  const releasedBy = join(await round.folder(), 'release');
  const master = await startNestFeed(round, {
    application: FEED_FIXTURES.connectingApplication,
    work: 'first',
    handleMs: HANDLE_MS,
    consumers: CONSUMERS,
    plan: { kind: 'endless', releasedBy },
  });
  const booted = new Set<number>();
  while (booted.size < CONSUMERS) booted.add((await master.result()).bootedPid!);
  const releaseMs = Date.now();
  await writeFile(releasedBy, '');
  const firsts = new Map<number, number>();
  while (firsts.size < CONSUMERS) {
    const { firstOfPid, firstMs } = await master.result();
    firsts.set(firstOfPid!, firstMs! - releaseMs);
  }
  return { allWorkMs: Math.max(...firsts.values()), firstWorksMs: Math.min(...firsts.values()) };
}

export const manyConsumers: Figure = {
  name: 'consumers-100',
  title: `${CONSUMERS} consumers that connect at once: until each has begun an item`,
  rounds: 1,
  contenders: [queueGroup],
  metrics: [
    { key: 'allWorkMs', label: 'all work, after the last process was ready', unit: 'ms' },
    { key: 'firstWorksMs', label: 'the first works', unit: 'ms' },
  ],
  comparisons: [{ metric: 'allWorkMs', contender: 'queue group', measure: 'worst', aim: { atMost: 2000 } }],
};
