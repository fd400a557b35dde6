import { setTimeout as delay } from 'node:timers/promises';
import type { GroupOptions } from '@distributed-architecture/core';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { cpuSeconds, residentMb } from '../harness/proc.js';
import { printed, startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { FIXTURES, READY } from '../fixtures/paths.js';

const COUNT = 200;

/** What the start leaves to do is over by then. */
const SETTLE_MS = 5000;

const WINDOW_MS = 30_000;

const launcher: Contender = { name: 'launcher', open: async () => measure };

/** Slaves with default settings: they ping, and tell of their memory. */
async function measure(round: Scope): Promise<Sample> {
  const group: GroupOptions = {
    name: 'Idle',
    command: 'idle',
    console: FIXTURES.idleSlave,
    local: { instancesCount: COUNT },
  };
  const master = await startProgram(round, FIXTURES.groupMaster, { args: [JSON.stringify([group])] });
  await printed(master, (line) => line.endsWith(` ${READY}`), COUNT);
  await delay(SETTLE_MS);
  const before = cpuSeconds(master.pid!);
  const window = new Stopwatch();
  await delay(WINDOW_MS);
  const cpuPercent = ((cpuSeconds(master.pid!) - before) / (window.ms() / 1000)) * 100;
  return { cpuPercent, rssMb: residentMb(master.pid!) };
}

export const idleProcesses: Figure = {
  name: 'idle-200',
  title: `CPU of a master on core that has ${COUNT} idle slaves, over ${WINDOW_MS / 1000} s`,
  rounds: 1,
  contenders: [launcher],
  metrics: [
    { key: 'cpuPercent', label: 'CPU of the master', unit: '% of a core', digits: 2 },
    { key: 'rssMb', label: 'RSS of the master', unit: 'MB', digits: 1 },
  ],
  comparisons: [{ metric: 'cpuPercent', contender: 'launcher', measure: 'value', aim: { atMost: 1 } }],
};
