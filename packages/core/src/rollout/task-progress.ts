import { isOver, type ProcessRecord } from '../process/process-record.js';
import { GRACE_MS, type FleetView } from './change-decision.js';
import { hasDoneItsWork, isHeld, nameOf, waitsForHeld, type Readiness } from './readiness.js';

/**
 * What is waited for.
 *
 * - `gone`: that a process is forgotten
 * - `started`, `again`: that its first, or its next, incarnation was begun
 * - `ready`: that it runs, or has done its work
 */
export type Goal = 'gone' | 'started' | 'again' | 'ready';

/** A kill, or a lease, comes to its end in that time, or hardly ever. */
const END_PATIENCE_MS = 300_000;

export interface Progress {
  /** How many were not begun yet. */
  readonly fresh: number;
  /** Without progress for so long the task has failed. */
  readonly limitMs: number;
  /** When one that runs may count as such. */
  readonly provenAt: number;
  /** One has failed for good. */
  readonly failure?: string;
  /** Why it has failed when there was no progress for so many milliseconds. */
  readonly late: (ms: number) => string;
}

/** Looks at what is waited for, and takes out of `pending` what has reached the goal. */
export function lookAt(pending: Map<number, number>, goal: Goal, view: FleetView, readiness: Readiness): Progress {
  let [fresh, limitMs, provenAt] = [0, 0, Infinity];
  let first: ProcessRecord | undefined;
  for (const [id, incarnation] of pending) {
    const record = view.records.get(id);
    if (record === undefined || hasReached(record, { goal, incarnation }, view, readiness)) {
      pending.delete(id);
      continue;
    }
    if (goal === 'ready' && record.state === 'failed') {
      return { fresh, limitMs, provenAt, failure: `${nameOf(record)} has failed`, late: () => '' };
    }
    first ??= record;
    fresh += record.incarnation <= incarnation ? 1 : 0;
    limitMs = Math.max(limitMs, limitOf(record, goal));
    provenAt = Math.min(provenAt, goal === 'ready' ? readiness.provenAt(record, view.now) : Infinity);
  }
  return { fresh, limitMs, provenAt, late: (ms) => `${describe(first!, goal)} after ${Math.round(ms / 1000)} s` };
}

function hasReached(
  record: ProcessRecord,
  { goal, incarnation }: { goal: Goal; incarnation: number },
  view: FleetView,
  readiness: Readiness,
): boolean {
  if (goal === 'gone') return false;
  // Who has suspended it, or let it go, has other plans for it.
  if (isHeld(record, view) || waitsForHeld(record, view) || !view.isWanted(record.spec.id)) return true;
  if (goal === 'ready') {
    return readiness.isRunning(record, view.now) || hasDoneItsWork(record) || (isOver(record) && record.unwanted);
  }
  return record.incarnation > incarnation;
}

function limitOf({ spec: { config, queue } }: ProcessRecord, goal: Goal): number {
  const stopMs = config.stopTimeout * 1000 + GRACE_MS;
  if (goal === 'gone') return stopMs + END_PATIENCE_MS;
  const startMs = config.startTimeout === 0 ? Infinity : config.startTimeout * 1000 + GRACE_MS;
  if (goal !== 'again') return startMs;
  const items = queue?.role === 'feeder' ? config.queue!.itemTimeout + config.queue!.abortGrace : 0;
  return stopMs + startMs + items * 1000;
}

function describe(record: ProcessRecord, goal: Goal): string {
  const { state, spec } = record;
  const where = state === 'unreachable' ? `, ${spec.origin.host} is unreachable,` : '';
  const what = goal === 'gone' ? 'has not ended' : goal === 'ready' ? 'is not running' : 'was not started';
  return `${nameOf(record)}${where} ${what}`;
}
