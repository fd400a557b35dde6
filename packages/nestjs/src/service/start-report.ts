/** Marks the process that is the service. Its own processes do not inherit it. */
export const SERVICE_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_SERVICE';

/** What a service tells whoever waits for it. */
export type StartMessage = { readonly type: 'progress' } | { readonly type: 'ready' };

const PROGRESS_MS = 1000;

/** Whether this process is the service itself: it was started detached, and somebody may wait for it. */
export function isServiceItself(env: NodeJS.ProcessEnv = process.env): boolean {
  return env[SERVICE_VARIABLE] !== undefined;
}

/** The service's end of its start: says how far it is. Where nobody waits nothing is said. */
export class StartReport {
  #saidAt = Number.NEGATIVE_INFINITY;

  /** Something has happened; said once a second. */
  progress(): void {
    if (performance.now() - this.#saidAt < PROGRESS_MS) return;
    this.#saidAt = performance.now();
    this.#say({ type: 'progress' });
  }

  /** It runs: whoever has waited may go. */
  ready(): void {
    this.#say({ type: 'ready' });
    if (process.connected) process.disconnect();
  }

  #say(message: StartMessage): void {
    // Whoever has waited may be gone: then nobody needs it.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  }
}
