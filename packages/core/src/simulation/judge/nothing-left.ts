import type { Incarnation, Tenancy } from '../sim-run.js';
import { longestStopMs } from './bounds.js';
import { isExcepted, list, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** Nothing is forgotten: not after a run, not under a successor, not when a launcher is killed that has its watchdog. */
export const nothingLeft: RuleMaker = (world, fail): Rule => {
  function watch(tenancy: Tenancy, since: number): void {
    const due = Math.max(since, world.hinderedAt) + longestStopMs(world.schedule) + SLACK_MS;
    world.timeline.after(due - world.now, () => {
      if (tenancy.watchdogLost || tenancy.living.length === 0) return;
      if (world.hindered) return watch(tenancy, world.now);
      if (world.hinderedAt > since) return watch(tenancy, world.hinderedAt);
      fail(
        'no-orphan',
        `${tenancy.launcher.name} is dead, its watchdog was not killed, but ${list(tenancy.living)} lives`,
      );
    });
  }

  /** Where agent and watchdog were both killed, the next agent cleans up: maybe nobody needs one any more. */
  function isForgotten(each: Incarnation): boolean {
    const nobodyThere = world.schedule.remote !== undefined && each.tenancy.watchdogLost;
    return each.lives && !nobodyThere && !isExcepted(each, world.now);
  }

  return {
    ended(run) {
      const left = run.living.filter(isForgotten);
      if (left.length > 0 && !run.abandoned)
        fail('nothing-left', `run ${run.number} has ended, but ${list(left)} lives`);
    },
    opened(tenancy) {
      const { machine, launcher } = tenancy;
      const here = world.incarnations.filter((each) => each.tenancy.machine === machine && each.tenancy !== tenancy);
      const left = here.filter(({ lives }) => lives);
      if (left.length > 0) fail('nothing-left', `${launcher.name} has the machine, but ${list(left)} lives`);
    },
    launcherDied(tenancy) {
      if (tenancy.watchdog?.alive) watch(tenancy, world.now);
      else tenancy.watchdogLost = true;
    },
    finale() {
      const left = world.incarnations.filter(isForgotten);
      if (left.length > 0) fail('nothing-left', `all is over, but ${list(left)} lives`);
    },
  };
};
