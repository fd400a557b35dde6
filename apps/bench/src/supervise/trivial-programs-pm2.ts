import type { Contender, MeasureRound } from '../harness/benchmark.js';
import { allGone } from '../harness/proc.js';
import type { Scope } from '../harness/scope.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Pm2, type Pm2App } from '../peers/pm2.js';
import { COUNT } from './trivial-programs-count.js';

/** One application of 50 instances: pm2 starts that faster than 50 applications. Logs are not kept, as ours are not. */
const APP: Pm2App = {
  name: 'trivial',
  script: FIXTURES.trivialProgram,
  instances: COUNT,
  exec_mode: 'fork',
  interpreter: process.execPath,
  autorestart: false,
  output: '/dev/null',
  error: '/dev/null',
};

/** pm2 as it comes: `pm2 start`, `pm2 stop all`. */
export const pm2Default: Contender = {
  name: 'pm2',
  attempts: 3,
  open: async (figure) => measure(await Pm2.start(figure), APP, (pm2) => pm2.stopAll()),
};

/**
 * Everything that makes pm2 faster at this: no metrics agent in the programs, no lookup of their process trees and git
 * repositories, 50 actions at once, a look every 10 ms whether a program is gone, `delete` (faster) in place of `stop`.
 */
export const pm2Tuned: Contender = {
  name: 'pm2 tuned',
  attempts: 3,
  open: async (figure) => {
    const pm2 = await Pm2.start(figure, { PM2_CONCURRENT_ACTIONS: String(COUNT) });
    const app: Pm2App = { ...APP, pmx: false, vizion: false, treekill: false, kill_retry_time: 10 };
    return measure(pm2, app, () => pm2.deleteAll());
  },
};

async function measure(pm2: Pm2, app: Pm2App, stop: (pm2: Pm2) => Promise<void>): Promise<MeasureRound> {
  let onReady = (): void => undefined;
  await pm2.watch((line) => line === READY && onReady());
  return async (round) => {
    await forget(pm2, round);
    const start = new Stopwatch();
    const ready = Promise.withResolvers<void>();
    let left = COUNT;
    onReady = () => --left === 0 && ready.resolve();
    await Promise.all([pm2.startApp(app), within('programs of pm2', ready.promise)]);
    const readyMs = start.ms();
    return { readyMs, goneMs: await measureStop(pm2, stop) };
  };
}

/** Until the processes are gone; pm2's own answer comes later. */
async function measureStop(pm2: Pm2, stop: (pm2: Pm2) => Promise<void>): Promise<number> {
  const pids = await pm2.pids();
  const watch = new Stopwatch();
  const [goneMs] = await Promise.all([allGone(pids).then(() => watch.ms()), stop(pm2)]);
  return goneMs;
}

/** What pm2 stopped stays in its list until it is deleted. */
async function forget(pm2: Pm2, round: Scope): Promise<void> {
  await round.defer(async () => {
    if ((await pm2.pids()).length > 0) await pm2.deleteAll();
  });
}
