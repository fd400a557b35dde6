import type { Clock } from '../clock/clock.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessRecord } from '../process/process-record.js';

/** What a change of a fleet (reload, restart, scaling, another configuration) needs of the launcher. */
export interface FleetPort {
  readonly clock: Clock;
  /** All processes, also those that are retired and not over yet. */
  readonly records: ReadonlyMap<number, ProcessRecord>;
  /** Groups as they run, in their order, with what scaling has changed. */
  readonly groups: readonly (GroupOptions | QueueGroupOptions)[];
  /** Ids of a group's processes without those that are retired, a feeder first. Empty: there is no such group. */
  idsOf(group: string): readonly number[];
  /** Whether it runs at all at present: a slot of consumers on demand that is not used does not. */
  isWanted(id: number): boolean;
  isSuspended(group: string): boolean;
  /**
   * Adds processes of new groups, or of a queue group that is there, with ids after all others; connects the agents that they
   * need. They start as at the start of a run: in boot slots, after what they depend on, of consumers on demand the least.
   *
   * @throws ConfigError for a host that is none
   */
  addGroups(groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<void>;
  /**
   * The same for groups of which retired processes are left: they start, connected as they were before, as soon as those are
   * gone, unless they are retired again before.
   */
  putBack(groups: readonly (GroupOptions | QueueGroupOptions)[]): void;
  /** Takes over what a group says about its `reload`, and nothing else of it: no process starts or stops for that. */
  updateGroup(group: GroupOptions | QueueGroupOptions): void;
  /**
   * Changes how many consumers a queue group has: adds some with ids after all others, or retires the last ones. Of consumers
   * on demand it changes the most that there may be.
   *
   * @returns when what is new was told to start
   */
  resizeQueueGroup(group: QueueGroupOptions): Promise<void>;
  /** Starts a process of the same group, groupId, configuration and host, with an id after all others. Returns its id. */
  startSuccessor(of: number): number;
  /** Stops processes and forgets them when they are over; a group without processes is gone. Of a queue group the consumers go first. */
  retire(ids: readonly number[], options?: { readonly force?: boolean }): void;
  /**
   * Stops processes, and starts each again, as its next incarnation, when it has stopped; what was over starts at once. Of a
   * queue group that is recycled whole the consumers stop first.
   */
  recycle(ids: readonly number[], options?: { readonly force?: boolean }): void;
  /** Into the master's log. */
  log(level: LogLevel, message: string, group?: string): void;
}
