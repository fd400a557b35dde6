import type { ExitReason } from '../process/process-exit.js';

/** What has happened in one group in this run, also to processes that are gone. */
export class GroupHistory {
  /** Starts after the first of each process. */
  restarts = 0;
  timeouts = 0;
  readonly exits = new Map<ExitReason, number>();

  exited(reason: ExitReason): void {
    this.exits.set(reason, (this.exits.get(reason) ?? 0) + 1);
  }
}
