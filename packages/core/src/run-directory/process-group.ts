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

  /**
   * Kills what its first process has left, which is gone, and sends nothing from then on: without members its number
   * may be given away.
   */
  end(): void {
    if (!isTaken(this.id)) this.signal('SIGKILL');
    this.#open = false;
  }
}

/** Somebody has this process id: a group whose first process was another has no members then. */
function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
