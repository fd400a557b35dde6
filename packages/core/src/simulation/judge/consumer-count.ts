import type { QueueGroupOptions } from '../../config/queue-group-options.js';
import { leastConsumers, mostConsumers } from '../schedule.js';
import type { Incarnation, SimRun } from '../sim-run.js';
import { AFTERMATH_MS, goesOn, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** A restart may wait for 30 s, +20 %. */
const RESTART_MS = 36_000;

/** So long those that start with their group may wait for boot slots. */
const BOOT_SLOTS_MS = 20_000;

/** On demand there are never more consumers than the maximum, nor fewer than the minimum for longer than a restart takes. */
export const consumerCount: RuleMaker = (world, fail): Rule => {
  /** Since when a group has too few. */
  const since = new Map<string, number>();

  /** Those on demand, as long as nobody has asked for something else. */
  function groupsOf({ number, fleet }: SimRun): readonly QueueGroupOptions[] {
    const queues = (fleet.groups ?? []).filter((group) => 'consumers' in group);
    const isCalm = world.now >= fleet.quietSince + AFTERMATH_MS;
    const calm = queues.filter(({ name }) => isCalm && !fleet.suspended.has(name));
    for (const key of since.keys())
      if (key.startsWith(`${number} `) && !calm.some(({ name }) => key === `${number} ${name}`)) since.delete(key);
    return calm.filter((group) => mostConsumers(group) !== undefined);
  }

  function consumersIn(run: SimRun, group: string): Incarnation[] {
    return run.incarnations.filter((each) => each.isConsumer && each.spec.config.name === group);
  }

  function tooMany(run: SimRun, group: QueueGroupOptions): void {
    const most = mostConsumers(group)!;
    const isSure = (each: Incarnation): boolean => !(each.isRemote && each.tenancy.watchdogLost);
    // What was retired may still be about to stop.
    const isLeft = (each: Incarnation): boolean => run.fleet.touchedAt !== -Infinity && each.stopAskedAt !== undefined;
    const living = consumersIn(run, group.name).filter((each) => each.lives && isSure(each) && !isLeft(each)).length;
    if (living > most) fail('consumer-count', `${living} consumers, at most ${most}`);
  }

  function tooFew(run: SimRun, group: QueueGroupOptions): void {
    const key = `${run.number} ${group.name}`;
    if (world.schedule.remote !== undefined && run.linkedSince === undefined) return void since.delete(key);
    if (!hasFeeder(run, group) || !goesOn(run) || !hasSlot(run, group) || present(run, group) >= leastConsumers(group))
      return void since.delete(key);
    since.set(key, since.get(key) ?? world.now);
    if (world.now > Math.max(since.get(key)!, world.hinderedAt) + SLACK_MS)
      fail('consumer-count', `${present(run, group)} consumers, at least ${leastConsumers(group)}`);
  }

  /** A feeder that is ready and will not stop: its group goes on. */
  function hasFeeder(run: SimRun, group: QueueGroupOptions): boolean {
    const feeder = run.incarnations.findLast((each) => each.isFeeder && each.spec.config.name === group.name);
    if (feeder?.readyHeardAt === undefined) return false;
    const begins = latest(run, group.name).length < leastConsumers(group);
    if (begins && world.now < feeder.startedAt + BOOT_SLOTS_MS) return false;
    return [feeder.exitHeardAt, feeder.endedHeardAt, feeder.stopAskedAt, feeder.killedAt].every(
      (at) => at === undefined,
    );
  }

  /** Consumers that are there, or may be waiting for their restart. */
  function present(run: SimRun, { name }: QueueGroupOptions): number {
    return latest(run, name).filter((each) => {
      if (each.exitHeardAt === undefined) return !(each.leaving && each.stopAskedAt !== undefined);
      return !each.leaving && world.now - each.exitHeardAt < RESTART_MS;
    }).length;
  }

  /** One that was never used, or was let go. */
  function hasSlot(run: SimRun, group: QueueGroupOptions): boolean {
    const used = latest(run, group.name).filter(({ spec }) => run.fleet.has(spec.id));
    return used.length < mostConsumers(group)! || used.some((each) => each.leaving && each.exitHeardAt !== undefined);
  }

  /** The latest incarnation of each. */
  function latest(run: SimRun, group: string): Incarnation[] {
    return [...new Map(consumersIn(run, group).map((each) => [each.spec.id, each])).values()];
  }

  return {
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) {
        if (!run.master.alive) continue;
        for (const group of groupsOf(run)) {
          tooMany(run, group);
          tooFew(run, group);
        }
      }
    },
  };
};
