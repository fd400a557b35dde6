import type { GroupConfig } from '../config/group-config.js';
import type { Logger } from '../logger/logger.js';

/** The object by which slave code sees its launcher. */
export interface SlaveHandler {
  /** Unique over all groups, from 1. */
  readonly id: number;
  /** Number within the group, from 1. */
  readonly groupId: number;
  /** Number of processes of the group, fixed while the group runs: shards may rely on it. */
  readonly groupCount: number;
  /** Number of starts of this process, from 1. */
  readonly incarnation: number;
  readonly groupConfig: GroupConfig;
  /** Records reach the launcher's log with their level and context. */
  readonly logger: Logger;
  /** True once the launcher asked this process to stop. */
  readonly mustStop: boolean;
  /** Aborted once the launcher asked this process to stop. */
  readonly signal: AbortSignal;
  /** Fencing token of the fleet's run: grows with every start of the master. */
  readonly epoch: number;
  /**
   * Waits, pinging the launcher meanwhile.
   *
   * @param seconds fractions allowed; 0 gives other work of the event loop a turn
   * @returns false as soon as a stop is asked for (also before), else true
   */
  sleep(seconds: number): Promise<boolean>;
  /** Tells the launcher "alive". Sent at most every min(5 s, timeout / 3), however often it is called. */
  ping(): void;
  /**
   * Tells the launcher that this process is ready: what depends on its group may start, and its silence counts from now
   * on. For slaves that delay it by `manualReady`, within `start_timeout`; for others, and the second time, it does
   * nothing.
   */
  ready(): void;
}
