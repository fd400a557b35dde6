import type { Incarnation } from '../sim-run.js';
import { goesOn, isExcepted, list, type Rule, type RuleMaker } from './rule.js';

/** A lease that is half over ends what runs; so long that may be the reason for a stop. */
const LEASE_MS = 1500;

/**
 * Two processes never have one place in their group at a time, but for a reload that starts the new one first; and that one
 * asks no old one to stop before its successor is ready.
 */
export const shards: RuleMaker = (world, fail): Rule => {
  function shareOf(one: Incarnation, run = one.run): Incarnation[] {
    return run.incarnations.filter(
      (each) => each.isWith(one) && each.spec.groupId === one.spec.groupId && each.spec.id !== one.spec.id,
    );
  }

  function isStartFirst({ run, group }: Incarnation): boolean {
    return run.fleet.mayBe(group).some((each) => orderOf(each) === 'start-first');
  }

  function isSure(each: Incarnation): boolean {
    return !isExcepted(each, world.now) && !each.tenancy.watchdogLost;
  }

  /** Something else than the reload may be the reason. */
  function hasOtherReason(old: Incarnation): boolean {
    const { run, spec, leaving } = old;
    const { memoryLimit, maxAge } = spec.config;
    if (!goesOn(run) || run.stopAskedAt !== undefined || run.fleet.suspended.has(old.group) || leaving) return true;
    if (memoryLimit || maxAge || (old.isConsumer && !hasFeeder(old))) return true;
    if (!old.isRemote) return false;
    const { lease } = world.schedule.remote!;
    return run.linkedSince === undefined || world.hindered || world.now - world.hinderedAt < lease * LEASE_MS;
  }

  /** Without one its group ends. */
  function hasFeeder({ run, group }: Incarnation): boolean {
    return run.living.some((each) => each.isFeeder && each.group === group);
  }

  function isReady(each: Incarnation): boolean {
    const { readyHeardAt, exitHeardAt, endedHeardAt, code, spec, executed } = each;
    // Work that is done at once is as good.
    const isDone = endedHeardAt !== undefined || (exitHeardAt !== undefined && code === 0);
    return readyHeardAt !== undefined || isDone || (spec.config.console === false && executed);
  }

  return {
    executed(incarnation) {
      const beside = shareOf(incarnation).filter((each) => each.lives && isSure(each));
      if (beside.length > 0 && isSure(incarnation) && !isStartFirst(incarnation))
        fail('one-shard', `${list([incarnation])} has the place of ${list(beside)}, which lives`);
    },
    asked(old) {
      const { change, groups } = old.run.fleet;
      if (change?.operation.type !== 'reload' || hasOtherReason(old)) return;
      if (old.group !== (change.operation.group ?? old.group)) return;
      const group = groups?.find(({ name }) => name === old.group);
      if (group === undefined || orderOf(group) !== 'start-first' || old.isFeeder) return;
      // What has begun since then is a successor: it is dropped when it fails.
      const [first] = old.run.of(old.spec.id);
      if (first!.startedAt >= change.begunAt) return;
      const successors = shareOf(old).filter(
        ({ spec, startedAt }) => spec.id > old.spec.id && startedAt >= change.begunAt,
      );
      if (!successors.some(isReady))
        fail('start-first', `${old.name} is asked to stop, and has no successor that is ready`);
    },
  };
};

/** Of the processes of a plain group, of the consumers of a queue group. */
function orderOf(group: { readonly reload?: { readonly order?: string }; readonly consumers?: unknown }): string {
  return group.reload?.order ?? (group.consumers === undefined ? 'stop-first' : 'start-first');
}
