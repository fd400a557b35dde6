import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, MeasureRound } from '../harness/benchmark.js';
import { median } from '../harness/statistics.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { Pm2, type Pm2App } from '../peers/pm2.js';
import { COUNT, SETTLE_MS } from './restart-plan.js';

const APP: Pm2App = {
  name: 'trivial',
  script: FIXTURES.trivialProgram,
  instances: COUNT,
  exec_mode: 'fork',
  interpreter: process.execPath,
  autorestart: true,
  output: '/dev/null',
  error: '/dev/null',
};

/** As `pm2 start` does it. */
export const pm2Default: Contender = {
  name: 'pm2',
  attempts: 3,
  open: async (figure) => measure(await Pm2.start(figure), APP),
};

/** Without what makes a start slower: no metrics agent in the programs, no lookup of their git repositories. */
export const pm2Tuned: Contender = {
  name: 'pm2 tuned',
  attempts: 3,
  open: async (figure) => measure(await Pm2.start(figure), { ...APP, pmx: false, vizion: false, treekill: false }),
};

async function measure(pm2: Pm2, app: Pm2App): Promise<MeasureRound> {
  const lines = new ReadyLines();
  await pm2.watch((line) => line === READY && lines.count());
  return async (round) => {
    await round.defer(() => pm2.deleteAll());
    await Promise.all([lines.next(COUNT), pm2.startApp(app)]);
    await delay(SETTLE_MS);
    const times: number[] = [];
    for (const pid of await pm2.pids()) {
      const ready = lines.next(1);
      const watch = new Stopwatch();
      process.kill(pid, 'SIGKILL');
      await ready;
      times.push(watch.ms());
    }
    return { replacedMs: median(times) };
  };
}

/** Counts what programs say, whichever of them it is: only one is started at a time. */
class ReadyLines {
  private left = 0;
  private reached = (): void => undefined;

  count(): void {
    if (--this.left === 0) this.reached();
  }

  /** Resolves when so many more have come. */
  next(count: number): Promise<void> {
    this.left = count;
    return within(`${count} programs of pm2`, new Promise((resolve) => (this.reached = resolve)));
  }
}
