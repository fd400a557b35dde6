import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { FleetPlan } from '../plan/fleet-plan.js';

/**
 * What an operator can change of a fleet while it runs. A `Launcher` does it; the control socket and the commands are ways
 * to it. What is asked for is begun when a call has returned, unless it returns a promise.
 *
 * All throw LauncherStateError when nothing runs (or the run stops already), GroupUnknownError for a group that there is not.
 */
export interface FleetControl {
  /** Stops the processes of a group and starts none until it is resumed; of a queue group consumers first, then the feeder. */
  suspendGroup(name: string, options?: ForceOptions): void;
  resumeGroup(name: string): void;
  suspendAll(options?: ForceOptions): void;
  resumeAll(): void;
  /**
   * Stops all processes of a group and starts them again, also those that have ended or failed. A group that was suspended
   * runs again.
   *
   * @returns when all of them were started again
   * @throws ChangeRunningError while a reload or another change runs
   */
  restartGroup(name: string, options?: ForceOptions): Promise<void>;
  /**
   * Changes the number of processes of a plain group (all are replaced, since their `groupCount` changes), of the consumers
   * of a queue group (some start or stop), or of consumers on demand the most that there may be. Over several hosts they are
   * spread in the proportions of the configuration.
   *
   * @param count 1 or more
   * @returns when the processes were started, or were told to stop
   * @throws ChangeRunningError while a reload or another change runs
   */
  scaleGroup(name: string, count: number): Promise<void>;
  /**
   * Replaces the processes batch by batch, as `reload` of each group says.
   *
   * @param name one group; default: all, in the order of the configuration
   * @throws ChangeRunningError while a reload or another change runs
   */
  reload(name?: string): Promise<ReloadResult>;
  /**
   * Makes the fleet what a configuration says: starts, stops and restarts only what differs. What fails is rolled back.
   *
   * @throws ChangeRunningError while a reload or another change runs
   * @throws ConfigError, DependencyError before anything is changed
   */
  apply(groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<ApplyResult>;
  stop(): Promise<void>;
}

export interface ForceOptions {
  /** Kill at once instead of asking to stop. Default false. */
  force?: boolean;
}

/** What became of a reload. */
export interface ReloadResult {
  /** Whether all were replaced. */
  readonly completed: boolean;
  /** Processes that were replaced. */
  readonly replaced: number;
  /** Processes that were not reached, or whose replacement has failed. */
  readonly left: number;
  /** Why it ended early. */
  readonly reason?: string;
}

/** What became of a changed configuration. */
export interface ApplyResult {
  readonly plan: FleetPlan;
  readonly completed: boolean;
  /** What was done was undone: the fleet is what it was before. */
  readonly rolledBack: boolean;
  /** Why it was not completed. */
  readonly reason?: string;
}
