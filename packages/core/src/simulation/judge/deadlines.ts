import type { Incarnation } from '../sim-run.js';
import { isTouched, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

const MB = 1_048_576;
/** Memory is measured once a second. */
const MEASURING_MS = 2500;

/** What is due is done: no wake-up is lost. Judged while nothing hinders the master. */
export const deadlines: RuleMaker = (world, fail): Rule => {
  function check(incarnation: Incarnation): void {
    if (incarnation.leader === undefined || !incarnation.leader.alive || incarnation.killedAt !== undefined) return;
    for (const [what, dueAt] of dueOf(incarnation)) {
      const due = Math.max(dueAt, world.hinderedAt) + SLACK_MS;
      if (world.now > due)
        fail('no-lost-wake-up', `${incarnation.name} lives ${Math.round(world.now - due)} ms after its ${what}`);
    }
  }

  function dueOf(incarnation: Incarnation): [string, number][] {
    const { config } = incarnation.spec;
    const { stopAskedAt, endedHeardAt, readyHeardAt } = incarnation;
    const stopping = Math.min(stopAskedAt ?? Infinity, endedHeardAt ?? Infinity);
    if (stopping !== Infinity) return [['stop_timeout', stopping + config.stopTimeout * 1000]];
    if (readyHeardAt === undefined) return [['start_timeout', after(incarnation.startedAt, config.startTimeout)]];
    const silence: [string, number] = [
      'timeout',
      after(Math.max(incarnation.heardAt, world.hinderedAt), config.timeout),
    ];
    // In a stop nothing is replaced any more, though it may have to wait for what depends on it.
    // Nor of what an operator has stopped.
    if (incarnation.run.stoppingSince !== undefined || isTouched(incarnation, world.now)) return [silence];
    return [
      silence,
      ['max_age', after(readyHeardAt, config.maxAge ?? 0)],
      ['memory_limit', overLimitSince(incarnation, config.memoryLimit) + MEASURING_MS],
    ];
  }

  /** Noted here, as memory only grows. */
  const overLimit = new Map<Incarnation, number>();
  function overLimitSince(incarnation: Incarnation, limit = Infinity): number {
    const used = (incarnation.hosted?.residentBytes() ?? 0) / MB;
    if (used >= limit && !overLimit.has(incarnation)) overLimit.set(incarnation, world.now);
    return overLimit.get(incarnation) ?? Infinity;
  }

  return {
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        for (const each of run.incarnations)
          if (each.tenancy.launcher.alive && each.tenancy.machine.rate === 1) check(each);
      }
    },
  };
};

/** 0 seconds: never. */
function after(since: number, seconds: number): number {
  return seconds === 0 ? Infinity : since + seconds * 1000;
}
