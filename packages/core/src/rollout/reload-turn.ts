/*
 * The turn of one process in a reload; what a batch is made of. Owner: `reload-machine.ts`. The table is in
 * docs/reload-table.md.
 *
 *   stop-first:   starting (its next incarnation) -> over
 *   start-first:  starting (its successor) -> leaving (it retires itself) -> over
 */
import type { ReloadOrder } from '../config/group-config.js';
import type { ProcessRecord } from '../process/process-record.js';
import { GRACE_MS, type FleetView } from './change-decision.js';
import { hasBroken, hasDoneItsWork, isHeld, nameOf, type Readiness } from './readiness.js';

export interface Turn {
  readonly id: number;
  readonly order: ReloadOrder;
  /** Incarnation that is replaced. */
  readonly incarnation: number;
  /** Start-first, once it was told to start. */
  readonly successor?: number;
  /** The launcher has it: what is asked for while a listener of its events runs is done only then. */
  readonly isThere?: boolean;
  readonly phase: 'starting' | 'leaving' | 'over';
  /** When the phase began. */
  readonly since: number;
  /** When it is looked at again, though nothing has happened. */
  readonly dueAt: number;
  /** Of one that is over: whether it was replaced; neither when there was nothing to replace any more. */
  readonly outcome?: 'replaced' | 'failed' | 'gone';
  readonly reason?: string;
}

export function beginTurn(id: number, order: ReloadOrder, view: FleetView): Turn {
  const { incarnation } = view.records.get(id)!;
  return { id, order, incarnation, phase: 'starting', since: view.now, dueAt: Infinity };
}

/** Looks at the fleet again: where it has moved on, the turn does. */
export function goOn(turn: Turn, view: FleetView, readiness: Readiness): Turn {
  if (turn.phase === 'over') return turn;
  if (turn.phase === 'leaving') return leave(turn, view);
  return turn.order === 'stop-first' ? recycle(turn, view, readiness) : succeed(turn, view, readiness);
}

function recycle(turn: Turn, view: FleetView, readiness: Readiness): Turn {
  const record = view.records.get(turn.id);
  if (record === undefined) return over(turn, 'gone');
  if (isHeld(record, view)) return failed(turn, `${nameOf(record)} was suspended`);
  if (!view.isWanted(turn.id)) return over(turn, 'gone');
  const isNext = record.incarnation > turn.incarnation;
  if (isNext) {
    if (readiness.isRunning(record, view.now) || hasDoneItsWork(record)) return over(turn, 'replaced');
    if (hasBroken(record)) return failed(turn, `${nameOf(record)} has ended before it was running again`);
  }
  return waitFor(turn, record, {
    now: view.now,
    limitMs: recycleLimitMs(record),
    // An old one under an agent runs until that has heard that it is to stop.
    provenAt: isNext ? readiness.provenAt(record, view.now) : Infinity,
  });
}

function succeed(turn: Turn, view: FleetView, readiness: Readiness): Turn {
  const record = turn.successor === undefined ? undefined : view.records.get(turn.successor);
  if (record === undefined) {
    return turn.isThere ? failed(turn, `the successor of process ${turn.id} is gone`) : turn;
  }
  if (isHeld(record, view)) return failed(turn, `${nameOf(record)} was suspended`);
  if (readiness.isRunning(record, view.now) || hasDoneItsWork(record)) {
    if (!view.records.has(turn.id)) return over(turn, 'replaced');
    return { ...turn, phase: 'leaving', since: view.now, dueAt: view.now };
  }
  if (hasBroken(record)) return failed(turn, `${nameOf(record)} has ended before it was running`);
  const limitMs = toMs(record.spec.config.startTimeout);
  const provenAt = readiness.provenAt(record, view.now);
  return waitFor({ ...turn, isThere: true }, record, { now: view.now, limitMs, provenAt });
}

/** It was told to retire when the phase began. */
function leave(turn: Turn, view: FleetView): Turn {
  const record = view.records.get(turn.id);
  if (record === undefined) return over(turn, 'replaced');
  const dueAt = turn.since + record.spec.config.stopTimeout * 1000 + GRACE_MS;
  if (view.now < dueAt) return { ...turn, dueAt };
  // It is retired all the same, as soon as that can be.
  return over(turn, 'failed', `${nameOf(record)} has not ended${why(record)}`);
}

/** A feeder starts only when its consumers have finished what they hold. */
function recycleLimitMs({ spec: { config, queue } }: ProcessRecord): number {
  const items = queue?.role === 'feeder' ? config.queue!.itemTimeout + config.queue!.abortGrace : 0;
  return (config.stopTimeout + items) * 1000 + toMs(config.startTimeout);
}

/** 0 is no limit. */
function toMs(seconds: number): number {
  return seconds === 0 ? Infinity : seconds * 1000;
}

interface Wait {
  readonly now: number;
  readonly limitMs: number;
  readonly provenAt: number;
}

function waitFor(turn: Turn, record: ProcessRecord, { now, limitMs, provenAt }: Wait): Turn {
  const dueAt = turn.since + limitMs + GRACE_MS;
  if (now < dueAt) return { ...turn, dueAt: Math.min(dueAt, provenAt) };
  return failed(
    turn,
    `${nameOf(record)} is not running after ${Math.round((now - turn.since) / 1000)} s${why(record)}`,
  );
}

function why({ state, spec }: ProcessRecord): string {
  return state === 'unreachable' ? `: ${spec.origin.host} is unreachable` : '';
}

function failed(turn: Turn, reason: string): Turn {
  return over(turn, 'failed', reason);
}

function over(turn: Turn, outcome: Turn['outcome'], reason?: string): Turn {
  return { ...turn, phase: 'over', dueAt: Infinity, outcome, ...(reason !== undefined && { reason }) };
}
