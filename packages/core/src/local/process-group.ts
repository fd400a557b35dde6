/** A process group, named by the pid of its first process. */
export class ProcessGroup {
  #open = true;

  constructor(readonly id: number) {}

  /** Sends a signal to all of its processes that we may signal (not those that became another user's). */
  signal(signal: NodeJS.Signals): void {
    if (!this.#open) return;
    try {
      process.kill(-this.id, signal);
    } catch {
      // ESRCH: none is left. EPERM: what is left is not ours to end. Neither can be helped by the caller.
    }
  }

  /** Sends nothing from now on: the system may give the number to another group. */
  close(): void {
    this.#open = false;
  }
}
