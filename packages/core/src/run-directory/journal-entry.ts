import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { startTimeOf } from './process-identity.js';

/** What whoever ends a run has to know of a process. */
export interface JournalRecord {
  /** A program learns of its end by SIGTERM, a slave by its channel. */
  readonly kind: 'program' | 'slave';
  /** How long it may take to end before it is killed. */
  readonly stopTimeoutMs: number;
}

/**
 * One live incarnation in the run's folder: a first line by the launcher, a second with process id and start time by
 * the process itself, before it executes its program.
 *
 * The first also makes room for the second: on a full disk the launcher sees it before anything runs.
 */
export class JournalEntry {
  /** @throws when it cannot be written */
  constructor(
    readonly path: string,
    { kind, stopTimeoutMs }: JournalRecord,
  ) {
    try {
      writeFileSync(path, `${kind} ${shellInteger(stopTimeoutMs)}\n`, { mode: 0o600 });
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** The second line, in place of a process that cannot write it. */
  complete(pid: number): void {
    const startTime = startTimeOf(pid);
    if (startTime !== undefined) appendFileSync(this.path, `${pid} ${startTime}\n`);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

/** A shell calculates with 64 bits, to which the time is added. */
function shellInteger(value: number): string {
  return String(Math.min(Math.round(value), Number.MAX_SAFE_INTEGER));
}
