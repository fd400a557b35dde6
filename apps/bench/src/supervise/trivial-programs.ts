import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { allGone } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Fleet } from '../peers/fleet.js';
import { pidsOf, spawnLoop } from '../peers/spawn-loop.js';
import { pm2Default, pm2Tuned } from './trivial-programs-pm2.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { COUNT } from './trivial-programs-count.js';

const launcher: Contender = { name: 'launcher', open: async () => measureLauncher };
const bare: Contender = { name: 'spawn loop', open: async () => measureSpawnLoop };

async function measureLauncher(round: Scope): Promise<Sample> {
  const start = new Stopwatch();
  const command = `${process.execPath} ${FIXTURES.trivialProgram}`;
  const fleet = await Fleet.start(
    round,
    { name: 'Trivial', command, console: false, local: { instancesCount: COUNT } },
    READY,
  );
  const readyMs = start.ms();
  const { pids } = fleet;
  const stop = new Stopwatch();
  const [goneMs] = await Promise.all([allGone(pids).then(() => stop.ms()), fleet.stop()]);
  return { readyMs, goneMs };
}

async function measureSpawnLoop(round: Scope): Promise<Sample> {
  const start = new Stopwatch();
  const children = await spawnLoop(round, FIXTURES.trivialProgram, COUNT, READY);
  const readyMs = start.ms();
  const stop = new Stopwatch();
  for (const child of children) child.kill('SIGTERM');
  await allGone(pidsOf(children));
  return { readyMs, goneMs: stop.ms() };
}

/** Aims are against pm2 as it comes; tuned it starts as fast as the machine can fork, which is the spawn loop's figure. */
export const trivialPrograms: Figure = {
  name: 'trivial',
  title: `${COUNT} trivial programs: until all are ready, until all are gone`,
  rounds: 5,
  contenders: [launcher, bare, pm2Default, pm2Tuned],
  metrics: [
    { key: 'readyMs', label: `${COUNT} programs ready`, unit: 'ms' },
    { key: 'goneMs', label: `${COUNT} programs gone`, unit: 'ms' },
  ],
  comparisons: [
    { metric: 'readyMs', contender: 'launcher', measure: 'ratio', against: 'spawn loop', aim: { atMost: 1.15 } },
    { metric: 'readyMs', contender: 'launcher', measure: 'ratio', against: 'pm2', aim: { atMost: 0.45 } },
    { metric: 'readyMs', contender: 'launcher', measure: 'ratio', against: 'pm2 tuned' },
    { metric: 'goneMs', contender: 'launcher', measure: 'ratio', against: 'spawn loop' },
    { metric: 'goneMs', contender: 'launcher', measure: 'ratio', against: 'pm2', aim: { atMost: 0.08 } },
    { metric: 'goneMs', contender: 'launcher', measure: 'ratio', against: 'pm2 tuned' },
  ],
};
