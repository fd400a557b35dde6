/**
 * Why an incarnation ended; the first reason that is known wins.
 *
 * - `ended`: it exited by itself
 * - `stopped`: it ended after it was asked to stop
 * - `timeout`: it was killed, not seen for its timeout
 * - `start-timeout`: it was killed, not ready within its start timeout
 * - `stop-timeout`: it was killed, still there after its stop timeout
 * - `killed`: the launcher was told to kill it (second signal, forced stop, the master's own timeout)
 * - `spawn-failed`: it could not be started
 */
export type ExitReason = 'ended' | 'stopped' | 'timeout' | 'start-timeout' | 'stop-timeout' | 'killed' | 'spawn-failed';

/** The one record of how an incarnation ended. */
export interface ProcessExit {
  /** Exit code; null when a signal ended it or it never ran. */
  readonly code: number | null;
  /** The signal that ended it, or null. */
  readonly signal: NodeJS.Signals | null;
  readonly reason: ExitReason;
  /** True when the launcher killed it. */
  readonly forced: boolean;
  /** What the operating system said when it could not be started. */
  readonly error?: string;
}
