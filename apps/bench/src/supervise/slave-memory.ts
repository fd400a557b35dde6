import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { residentMb } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { median } from '../harness/statistics.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Fleet } from '../peers/fleet.js';
import { pidsOf, spawnLoop } from '../peers/spawn-loop.js';
import { slaveGroup } from './slave-group.js';

/** Processes of a round; its sample is their median. */
const COUNT = 7;

/** After the last is ready. */
const SETTLE_MS = 1000;

const slave: Contender = { name: 'slave', open: async () => measureSlaves };
const context: Contender = { name: 'context alone', open: async () => measureBare(FIXTURES.contextApplication) };
const commander: Contender = { name: 'nest-commander', open: async () => measureBare(FIXTURES.commanderApplication) };

async function measureSlaves(round: Scope): Promise<Sample> {
  const fleet = await Fleet.start(round, slaveGroup(COUNT), READY);
  return settledMemory(fleet.pids);
}

function measureBare(script: string): (round: Scope) => Promise<Sample> {
  return async (round) => settledMemory(pidsOf(await spawnLoop(round, script, COUNT, READY)));
}

async function settledMemory(pids: readonly number[]): Promise<Sample> {
  await delay(SETTLE_MS);
  return { rssMb: median(pids.map(residentMb)) };
}

export const slaveMemory: Figure = {
  name: 'slave-memory',
  title: 'RSS of an idle Nest slave, against the same Nest application context alone',
  rounds: 3,
  contenders: [slave, context, commander],
  metrics: [{ key: 'rssMb', label: 'RSS of a process', unit: 'MB', digits: 1 }],
  comparisons: [
    { metric: 'rssMb', contender: 'slave', measure: 'difference', against: 'context alone', aim: { atMost: 4 } },
    { metric: 'rssMb', contender: 'slave', measure: 'difference', against: 'nest-commander' },
  ],
};
