import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, Figure, Sample } from '../harness/benchmark.js';
import { stopProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { median } from '../harness/statistics.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Fleet } from '../peers/fleet.js';
import { pm2Default, pm2Tuned } from './restart-pm2.js';
import { COUNT, SETTLE_MS } from './restart-plan.js';

const launcher: Contender = { name: 'launcher', open: async () => measureLauncher };
const bare: Contender = { name: 'spawn loop', open: async () => measureSpawnLoop };

/** Each process is killed once: a second end within a minute would wait before it is started again. */
async function measureLauncher(round: Scope): Promise<Sample> {
  const command = `${process.execPath} ${FIXTURES.trivialProgram}`;
  const group = {
    name: 'Trivial',
    command,
    console: false,
    restart: 'always',
    local: { instancesCount: COUNT },
  } as const;
  const fleet = await Fleet.start(round, group, READY);
  await delay(SETTLE_MS);
  const times: number[] = [];
  for (const { id, pid } of fleet.processes) times.push(await replaced(fleet, id, pid!));
  return { replacedMs: median(times) };
}

async function replaced(fleet: Fleet, id: number, pid: number): Promise<number> {
  const watch = new Stopwatch();
  const ready = new Promise<number>((resolve) => {
    fleet.launcher.on('process_running', ({ process, line }) => {
      if (process.id === id && process.incarnation === 2 && line === READY) resolve(watch.ms());
    });
  });
  process.kill(pid, 'SIGKILL');
  return within('the replacement', ready);
}

/** What no supervisor can beat: spawn again in the very moment of the exit. */
async function measureSpawnLoop(round: Scope): Promise<Sample> {
  const times: number[] = [];
  for (let i = 0; i < COUNT; i++) {
    const first = await start(round);
    await delay(SETTLE_MS / COUNT);
    const watch = new Stopwatch();
    const exit = once(first, 'exit');
    first.kill('SIGKILL');
    await exit;
    await start(round);
    times.push(watch.ms());
  }
  return { replacedMs: median(times) };
}

async function start(round: Scope): Promise<ChildProcess> {
  const options = { stdio: ['ignore', 'pipe', 'inherit'], detached: true } as const;
  const child: ChildProcess = spawn(process.execPath, [FIXTURES.trivialProgram], {
    ...options,
    stdio: [...options.stdio],
  });
  await round.defer(() => stopProgram(child));
  await within(READY, once(createInterface({ input: child.stdout! }), 'line'));
  return child;
}

export const restart: Figure = {
  name: 'restart',
  title: 'kill -9 of a program, until its replacement is ready',
  rounds: 5,
  contenders: [launcher, bare, pm2Default, pm2Tuned],
  metrics: [{ key: 'replacedMs', label: 'replacement ready', unit: 'ms', digits: 1 }],
  comparisons: [
    { metric: 'replacedMs', contender: 'launcher', measure: 'ratio', against: 'spawn loop' },
    { metric: 'replacedMs', contender: 'launcher', measure: 'ratio', against: 'pm2', aim: { atMost: 0.6 } },
    { metric: 'replacedMs', contender: 'launcher', measure: 'ratio', against: 'pm2 tuned' },
  ],
};
