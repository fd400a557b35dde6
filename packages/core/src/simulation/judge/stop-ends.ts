import type { SimRun } from '../sim-run.js';
import { longestStopMs, wholeStopMs } from './bounds.js';
import { SLACK_MS, type Rule, type RuleMaker } from './rule.js';

const CONNECTING_MS = 45_000;

/** A stop always ends, within the stop timeouts and the master's own; a kill at once; no run sits and waits for nothing. */
export const stopEnds: RuleMaker = (world, fail): Rule => {
  const { remote } = world.schedule;
  /** A host out of reach is waited for until its fence has passed, or until it is reached again. */
  const remoteMs =
    remote === undefined ? 0 : remote.lease * 1250 + 2000 + CONNECTING_MS + (world.schedule.limits.timeout ?? 0) * 1000;
  const whole = wholeStopMs(world.schedule) + remoteMs;
  /** A master that is asked before it has the fleet first ends what a dead one left. */
  const before = longestStopMs(world.schedule);

  function dueAt(run: SimRun): number {
    const asked = Math.min(run.stopAskedAt ?? Infinity, (run.openedAt ?? Infinity) + runningTimeMs());
    const killed = Math.max(run.killAskedAt ?? Infinity, run.openedAt ?? run.begunAt + before) + remoteMs;
    return Math.min(Math.max(asked, run.openedAt ?? run.begunAt + before) + whole, killed);
  }

  function runningTimeMs(): number {
    return (world.schedule.limits.maxRunningTime || Infinity) * 1000;
  }

  return {
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        if (!run.master.alive || world.now <= Math.max(dueAt(run), world.hinderedAt + whole) + SLACK_MS) continue;
        fail('stop-ends', `run ${run.number} goes on though it was to end`);
      }
    },
  };
};
