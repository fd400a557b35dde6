import type { ProcessState } from './process-state.js';

/** A supervised process, as listeners and users of the launcher see it. A live view: its fields change. */
export interface ManagedProcess {
  /** Unique over all groups, from 1, in the order of the configuration. A replacement keeps it. */
  readonly id: number;
  /** Number within the group, from 1. */
  readonly groupId: number;
  /** Number of processes of the group. */
  readonly groupCount: number;
  /** Name of the group. */
  readonly group: string;
  /** `localhost`, or the host's name in the configuration. */
  readonly host: string;
  readonly command: string;
  /** `command/id/groupId`, the process' name in log lines. */
  readonly display: string;
  readonly state: ProcessState;
  /** Undefined while nothing runs. */
  readonly pid: number | undefined;
  /** Number of starts so far; with `id` it names one life of the process. */
  readonly incarnation: number;
  /** When output or a message last came; undefined before the first. */
  readonly lastSeen: Date | undefined;
}
