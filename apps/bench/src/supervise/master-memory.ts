import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { residentMb } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { printed, startProgram } from '../harness/program.js';
import { startNestMaster } from './nest-master.js';

/** Long enough for what the start has left to be collected. */
const SETTLE_MS = 2000;

const master: Contender = { name: 'run-master', open: async () => measureMaster };
const empty: Contender = { name: 'nest-commander', open: async () => measureEmpty };

async function measureMaster(round: Scope): Promise<Sample> {
  const child = await startNestMaster(round, 1);
  return settledMemory(child.pid!);
}

async function measureEmpty(round: Scope): Promise<Sample> {
  const child = await startProgram(round, FIXTURES.commanderApplication, { args: ['bench:idle'] });
  await printed(child, (line) => line === READY);
  return settledMemory(child.pid!);
}

async function settledMemory(pid: number): Promise<Sample> {
  await delay(SETTLE_MS);
  return { rssMb: residentMb(pid) };
}

export const masterMemory: Figure = {
  name: 'master-memory',
  title: 'RSS of a Nest master with one idle group, against an empty nest-commander application',
  rounds: 5,
  contenders: [master, empty],
  metrics: [{ key: 'rssMb', label: 'RSS of the application', unit: 'MB', digits: 1 }],
  comparisons: [
    { metric: 'rssMb', contender: 'run-master', measure: 'difference', against: 'nest-commander', aim: { atMost: 15 } },
  ],
};
