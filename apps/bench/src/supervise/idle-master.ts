import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { cpuSeconds } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { startNestMaster } from './nest-master.js';

const SLAVES = 50;

/** What the start leaves to do is over by then. */
const SETTLE_MS = 3000;

const WINDOW_MS = 20_000;

const master: Contender = { name: 'run-master', open: async () => measure };

async function measure(round: Scope): Promise<Sample> {
  const { pid } = await startNestMaster(round, SLAVES);
  await delay(SETTLE_MS);
  const before = cpuSeconds(pid!);
  const window = new Stopwatch();
  await delay(WINDOW_MS);
  return { cpuPercent: ((cpuSeconds(pid!) - before) / (window.ms() / 1000)) * 100 };
}

export const idleMaster: Figure = {
  name: 'idle-master',
  title: `CPU of a Nest master that has ${SLAVES} idle slaves, over ${WINDOW_MS / 1000} s`,
  rounds: 1,
  contenders: [master],
  metrics: [{ key: 'cpuPercent', label: 'CPU of the master', unit: '% of a core', digits: 2 }],
  comparisons: [{ metric: 'cpuPercent', contender: 'run-master', measure: 'value', aim: { atMost: 1 } }],
};
