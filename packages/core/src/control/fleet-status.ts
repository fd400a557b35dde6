import type { QueueView } from '../launcher/queue-counts.js';
import type { ItemCounts } from '../metrics/process-measure.js';
import type { ExitReason, ProcessExit } from '../process/process-exit.js';
import type { ProcessState } from '../process/process-state.js';

export type { ItemCounts };

/** What a control socket answers to `GET /status`. Times are ISO 8601, durations seconds, memory MB, `cpu` parts of one processor. */
export interface FleetStatus {
  /** Undefined: a launcher without a name. */
  readonly name?: string;
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly epoch: number;
  /** Whether it stays when all processes have ended. */
  readonly service: boolean;
  /** `starting` until every process that was due at once was started or could not be. */
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly startedAt: string;
  readonly uptime: number;
  /** Of the master itself. */
  readonly rss: number;
  readonly cpu: number;
  /** Longest delay of its event loop in the last 5 s. */
  readonly loopLag: number;
  /** What runs at present. */
  readonly change?: 'reload' | 'restart' | 'scale' | 'configuration';
  readonly groups: readonly GroupStatus[];
}

export interface GroupStatus {
  readonly name: string;
  readonly kind: 'group' | 'queue-group';
  readonly command: string;
  readonly suspended: boolean;
  /** How many of its processes are in which state; states without any are left out. */
  readonly states: Readonly<Partial<Record<ProcessState, number>>>;
  /** Starts after the first of each process. */
  readonly restarts: number;
  readonly timeouts: number;
  /** Of a queue group. */
  readonly queue?: Omit<QueueView, 'group'>;
}

export interface ProcessStatus {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly group: string;
  readonly host: string;
  readonly command: string;
  readonly display: string;
  /** Of a process of a queue group. */
  readonly role?: 'feeder' | 'consumer';
  readonly state: ProcessState;
  readonly pid?: number;
  readonly incarnation: number;
  /** Of the present incarnation. */
  readonly startedAt?: string;
  readonly uptime?: number;
  readonly lastSeen?: string;
  /** Starts after the first. */
  readonly restarts: number;
  readonly timeouts: number;
  /** The last ends, the latest first, at most 5. */
  readonly exits: readonly ExitStatus[];
  readonly rss?: number;
  readonly cpu?: number;
  readonly loopLag?: number;
  /** Of a consumer. */
  readonly items?: ItemCounts;
}

export interface ExitStatus extends ProcessExit {
  readonly at: string;
  readonly incarnation: number;
  readonly reason: ExitReason;
}
