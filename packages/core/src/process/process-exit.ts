/**
 * Why an incarnation ended; the first reason that is known wins.
 *
 * - `ended`: it exited by itself
 * - `stopped`: it ended after it was asked to stop
 * - `timeout`: it was killed, not seen for its timeout
 * - `start-timeout`: it was killed, not ready within its start timeout
 * - `stop-timeout`: it was killed, still there after its stop timeout
 * - `memory-limit`: it was asked to stop, or killed, because of its memory
 * - `max-age`: it was asked to stop because of its age
 * - `item-timeout`: it was killed, a consumer whose item has timed out and did not let go
 * - `lost`: its host was out of reach until its lease had ended, so it is known to be dead
 * - `killed`: the launcher was told to kill it (second signal, forced stop, the master's own timeout)
 * - `spawn-failed`: it could not be started
 */
export type ExitReason =
  | 'ended'
  | 'stopped'
  | 'timeout'
  | 'start-timeout'
  | 'stop-timeout'
  | 'memory-limit'
  | 'max-age'
  | 'item-timeout'
  | 'lost'
  | 'killed'
  | 'spawn-failed';

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
  /** The last lines that it wrote or logged, at most 10, the oldest first. */
  readonly lastLines?: readonly string[];
  /** Its resident memory in MB when it was last measured; undefined when it never was. */
  readonly rss?: number;
}
