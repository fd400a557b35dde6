import type { FleetView } from './change-decision.js';
import { isOver, type ProcessRecord } from '../process/process-record.js';

/** A program of its own runs from its spawn: what ends at once must not count as good. */
const PROVEN_MS = 1000;

/** Whether an incarnation runs: a slave from its `ready`, a program of its own when it has lived for a second. */
export class Readiness {
  readonly #runningSince = new Map<number, number>();

  isRunning(record: ProcessRecord, now: number): boolean {
    return this.provenAt(record, now) <= now;
  }

  /** When it counts as running; Infinity: it does not run at all. */
  provenAt({ spec, state }: ProcessRecord, now: number): number {
    if (state !== 'running') {
      this.#runningSince.delete(spec.id);
      return Infinity;
    }
    if (spec.config.console !== false) return now;
    const since = this.#runningSince.get(spec.id) ?? now;
    this.#runningSince.set(spec.id, since);
    return since + PROVEN_MS;
  }
}

/** Whether it has ended well, by itself. */
export function hasDoneItsWork({ state, unwanted }: ProcessRecord): boolean {
  return state === 'stopped' && !unwanted;
}

/** Whether it is over, and no slot of consumers on demand that is not used. */
export function hasEnded(record: ProcessRecord): boolean {
  return isOver(record) && !(record.unwanted && record.spec.config.queue?.onDemand !== undefined);
}

/** Whether what was started has ended, though nobody asked for that. */
export function hasBroken(record: ProcessRecord): boolean {
  return record.state === 'failed' || record.state === 'backoff' || (isOver(record) && record.unwanted);
}

/** Whether an operator holds it back; what its agent does so for its lease comes back by itself. */
export function isHeld({ spec }: ProcessRecord, view: Pick<FleetView, 'isSuspended'>): boolean {
  // The process itself counts as suspended until it has stopped, and until it has its boot slot.
  return view.isSuspended(spec.config.name);
}

/** Whether it begins when an operator resumes what it depends on, which may be never. */
export function waitsForHeld({ spec, state }: ProcessRecord, view: Pick<FleetView, 'isSuspended'>): boolean {
  return state === 'waiting' && spec.config.dependsOn.some((group) => view.isSuspended(group));
}

/** A process, for people. */
export function nameOf({ spec }: ProcessRecord): string {
  return spec.origin.host === 'localhost' ? spec.origin.display : `${spec.origin.display} on ${spec.origin.host}`;
}
