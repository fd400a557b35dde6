import type { Incarnation } from '../sim-run.js';
import { goesOn, isTouched, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** What a feeder wants killed is killed; a feeder that is to come back at once waits for nobody who has finished. */
export const queueDeadlines: RuleMaker = (world, fail): Rule => {
  const { maxProcessTimeout = 3 } = world.schedule.limits;
  const toKill: { readonly victim: Incarnation; dueAt: number }[] = [];
  const owing = new Set<Incarnation>();
  const toStart = new Map<Incarnation, number>();

  function killedInTime(): void {
    for (const each of toKill) {
      const { victim } = each;
      if (!isHeard(victim)) each.dueAt = world.now + 4 * SLACK_MS;
      const { dueAt } = each;
      const isDone = victim.killedAt !== undefined || victim.leader?.alive !== true || !victim.tenancy.launcher.alive;
      if (!isDone && world.now > Math.max(dueAt, world.hinderedAt + SLACK_MS))
        fail('kill-request', `${victim.name} was to be killed`);
    }
  }

  /** From the moment in which nobody holds it up. */
  function startedInTime(): void {
    for (const [feeder, since] of toStart) {
      const isWaiting = [...owing].some((each) => each.isWith(feeder) && each.exitHeardAt === undefined);
      const isHeldUp = isWaiting || isDeserted(feeder) || isTouched(feeder, world.now);
      if (!areHeard(feeder) || isHeldUp || !goesOn(feeder.run)) toStart.set(feeder, world.now);
      else if (world.now > Math.max(since, world.hinderedAt) + 2 * SLACK_MS)
        fail('no-lost-wake-up', `feeder ${feeder.name} was to start again`);
    }
  }

  /** The master learns of it, and can tell it something. */
  function isHeard(each: Incarnation): boolean {
    return world.schedule.remote === undefined || (each.isRemote ? each.heardSince < world.now : isLinked(each.run));
  }

  /** Who says something about it may be at the other host. */
  function isLinked({ linkedSince, master }: Incarnation['run']): boolean {
    return master.alive && linkedSince !== undefined;
  }

  /** All of its group. */
  function areHeard(feeder: Incarnation): boolean {
    return feeder.run.living.every((each) => !each.isWith(feeder) || isHeard(each)) && isHeard(feeder);
  }

  /** No consumer lives: maybe there is nothing to come back for. */
  function isDeserted({ run, spec }: Incarnation): boolean {
    return !run.living.some((each) => each.isConsumer && each.spec.config.name === spec.config.name);
  }

  return {
    told(incarnation, { type }) {
      if (type === 'feeder-gone') owing.add(incarnation);
    },
    said(incarnation, message) {
      if (message.type === 'drained') owing.delete(incarnation);
      if (message.type !== 'kill-request') return;
      const { id, incarnation: number } = message;
      const victim = incarnation.run.of(id).find((each) => each.number === number);
      if (victim !== undefined) toKill.push({ victim, dueAt: world.now + (world.schedule.remote ? 4 : 1) * SLACK_MS });
    },
    started({ run, spec }) {
      for (const each of toStart.keys()) if (each.run === run && each.spec.id === spec.id) toStart.delete(each);
    },
    published({ run, name, id, number, exit }) {
      const feeder = run.of(id).find((each) => each.number === number);
      if (name !== 'process_stopped' || !feeder?.isFeeder || isDeserted(feeder)) return;
      if (run.fleet.quietSince >= feeder.startedAt) return;
      const isOwed = exit?.reason === 'max-age' || (exit?.reason === 'timeout' && isRetried(number));
      if (isOwed) toStart.set(feeder, world.now);
    },
    tick() {
      if (world.hindered) return;
      killedInTime();
      startedInTime();
    },
  };

  function isRetried(number: number): boolean {
    return maxProcessTimeout === 0 || number < maxProcessTimeout;
  }
};
