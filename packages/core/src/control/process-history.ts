import type { ProcessMeasure } from '../metrics/process-measure.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessExit } from '../process/process-exit.js';
import type { ExitStatus } from './fleet-status.js';

const MOST_EXITS = 5;

/** What has happened to one process in this run, and how it does. */
export class ProcessHistory {
  /** When the present incarnation was started, in milliseconds of the time of day; undefined: nothing runs. */
  startedAt: number | undefined;
  timeouts = 0;
  /** The latest first. */
  exits: readonly ExitStatus[] = [];
  /** Of the present incarnation. */
  measure: ProcessMeasure = {};
  #starts = 0;

  constructor(readonly process: ManagedProcess) {}

  /** Starts after the first. */
  get restarts(): number {
    return Math.max(0, this.#starts - 1);
  }

  started(now: Date): void {
    this.#starts++;
    this.startedAt = now.getTime();
    this.measure = {};
  }

  stopped(now: Date, incarnation: number, exit: ProcessExit): void {
    this.startedAt = undefined;
    this.measure = {};
    this.exits = [{ ...exit, at: now.toISOString(), incarnation }, ...this.exits].slice(0, MOST_EXITS);
  }

  /** A measure tells only what it has measured. */
  measured(measure: ProcessMeasure): void {
    this.measure = { ...this.measure, ...measure };
  }
}
