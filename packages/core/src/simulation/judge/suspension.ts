import type { Incarnation, SimRun } from '../sim-run.js';
import { wholeStopMs } from './bounds.js';
import { isExcepted, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** An agent learns of it a little later. */
const FAR_SLACK_MS = 4 * SLACK_MS;
/** Its clock may be slow. */
const CLOCK_SHARE = 1.2;

/** Nothing of a suspended group starts, and what runs has ended within its stop timeout; by force at once. */
export const suspension: RuleMaker = (world, fail): Rule => {
  /** It runs, and its launcher is the master, or knows of it from the master since then. */
  function isReached({ heardSince, tenancy }: Incarnation): boolean {
    return heardSince !== Infinity && tenancy.launcher.alive;
  }

  /** Of a queue group the feeder after the consumers; in the middle of a change also what depends on it comes first. */
  function stopMsOf(each: Incarnation, run: SimRun, at: number): number {
    const { config, queue } = each.spec;
    if (run.fleet.touchedAt > at || run.fleet.change !== undefined) return 2 * wholeStopMs(world.schedule);
    const own = Math.max(...run.fleet.mayBe(config.name).map(({ stopTimeout }) => (stopTimeout ?? 0) * 1000));
    return queue === undefined ? own : 2 * own;
  }

  function check(run: SimRun, each: Incarnation): void {
    const suspended = run.fleet.suspended.get(each.group);
    if (suspended === undefined || !each.lives || !isReached(each) || isExcepted(each, world.now)) return;
    // A feeder waits for its consumers, also for those out of reach.
    const reachedAt = each.isFeeder && world.schedule.remote ? (run.linkedSince ?? Infinity) : 0;
    const known = (at: number): number => Math.max(at, reachedAt, each.heardSince, each.startedAt, world.hinderedAt);
    const due = Math.min(
      known(suspended.at) + stopMsOf(each, run, suspended.at) * CLOCK_SHARE,
      known(suspended.forcedAt),
    );
    if (world.now > due + (each.isRemote ? FAR_SLACK_MS : SLACK_MS))
      fail('suspended', `${each.name} lives ${Math.round(world.now - due)} ms after group ${each.group} was to rest`);
  }

  return {
    started(incarnation) {
      const { run, group, isRemote, heardSince, name } = incarnation;
      const suspended = run.fleet.suspended.get(group);
      if (suspended === undefined || !run.master.alive) return;
      const knownAt = isRemote ? Math.max(suspended.at, heardSince, world.hinderedAt) + FAR_SLACK_MS : suspended.at;
      if (isRemote && world.hindered) return;
      if (world.now >= knownAt) fail('suspended', `${name} starts though group ${group} is suspended`);
    },
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        if (!run.master.alive || run.fleet.suspended.size === 0 || run.stoppingSince !== undefined) continue;
        for (const each of run.living) check(run, each);
      }
    },
  };
};
