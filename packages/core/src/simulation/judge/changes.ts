import type { ManagedProcess } from '../../process/managed-process.js';
import type { Outcome } from '../sim-fleet.js';
import type { Incarnation, SimRun } from '../sim-run.js';
import { changeMs } from './change-bounds.js';
import { goesOn, isExcepted, list, SLACK_MS, type Rule, type RuleMaker } from './rule.js';

/** One change at a time, each with an end; after a reload or a restart nothing old runs. */
export const changes: RuleMaker = (world, fail): Rule => {
  /** What ran when the present change began, by runs. */
  const old = new Map<SimRun, readonly Incarnation[]>();
  /** Incarnations of which their master knows. */
  const told = new WeakSet<Incarnation>();

  function isAsked({ run, group }: Incarnation): boolean {
    const { change, suspended } = run.fleet;
    const { operation } = change!;
    if (operation.type !== 'restart' && operation.type !== 'reload') return false;
    // What is suspended is reloaded by being resumed.
    if (operation.type === 'reload' && suspended.has(group)) return false;
    return (operation.group ?? group) === group;
  }

  /** Its group has another one in its place, and it was asked before: it is leaving anyway. */
  function isLeaving({ run, group, spec, stopAskedAt = Infinity }: Incarnation): boolean {
    const { change, view } = run.fleet;
    const isOther = (each: ManagedProcess): boolean => each.groupId === spec.groupId && each.id !== spec.id;
    return stopAskedAt < change!.begunAt && view().some((each) => each.group === group && isOther(each));
  }

  /** What was suspended meanwhile is not waited for; who was let go goes when it goes. */
  function isReplaced(each: Incarnation): boolean {
    const { change, suspendedAt } = each.run.fleet;
    const wasSuspended = (suspendedAt.get(each.group) ?? -Infinity) >= change!.begunAt;
    if (wasSuspended || each.leaving || isLeaving(each)) return true;
    return !each.lives || isExcepted(each, world.now) || each.tenancy.watchdogLost;
  }

  function checkReplaced(run: SimRun, left: number): void {
    const { type } = run.fleet.change!.operation;
    const living = old.get(run)!.filter((each) => !isReplaced(each));
    if (living.length > 0) fail('replaced', `the ${type} is over, and ${list(living)} lives`);
    if (left > 0) fail('replaced', `the ${type} is completed, and has left ${left}`);
  }

  function checkOutcome(run: SimRun, { result, code }: Outcome): void {
    const { type } = run.fleet.change!.operation;
    if (code === 'CHANGE_RUNNING' && run.fleet.isTracked)
      fail('one-change', `${type} is refused though no change is under way`);
    if (result === undefined || result.completed === false) return;
    if (type === 'reload' || type === 'restart') checkReplaced(run, result.left ?? 0);
  }

  function checkEnd(run: SimRun): void {
    const { operation, begunAt } = run.fleet.change!;
    const due = Math.max(begunAt, world.hinderedAt) + changeMs(run, world.schedule);
    if (world.now > due + SLACK_MS) fail('change-ends', `${operation.type} has no end`);
  }

  return {
    operated(run, operation) {
      if (run.fleet.change?.operation !== operation) return;
      const running = run.living.filter((each) => each.leader?.alive && told.has(each));
      old.set(run, running.filter(isAsked));
    },
    published({ run, name, id, number }) {
      if (name !== 'process_started') return;
      for (const each of run.of(id)) if (each.number === number) told.add(each);
    },
    changed: checkOutcome,
    ended(run) {
      const { change } = run.fleet;
      // What is asked for in the same moment is refused in the next.
      if (change !== undefined && change.begunAt < world.now)
        fail('change-ends', `the run has ended, and ${change.operation.type} has not`);
    },
    tick() {
      if (world.hindered) return;
      for (const run of world.runs) if (goesOn(run) && run.fleet.change !== undefined) checkEnd(run);
    },
  };
};
