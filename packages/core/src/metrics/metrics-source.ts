import type { QueueView } from '../launcher/queue-counts.js';
import type { ExitReason } from '../process/process-exit.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessMeasure } from './process-measure.js';

/** What metrics read of a launcher, at the moment in which they are asked for. */
export interface MetricsSource {
  /** Undefined: a launcher without a name. */
  readonly name: string | undefined;
  /** Of the package. */
  readonly version: string;
  readonly startedAt: Date;
  /** Names, in the order of the configuration. */
  readonly groups: readonly string[];
  /** In the order of their ids. */
  readonly processes: readonly ManagedProcess[];
  readonly queues: readonly QueueView[];
  /** Of the master itself: MB, parts of one processor, seconds. */
  readonly own: { readonly rss: number; readonly cpu: number; readonly loopLag: number };
  /** What has happened in a group in this run. */
  history(group: string): GroupCounts;
  /** Of the present incarnation; undefined: nothing is known. */
  measureOf(id: number): ProcessMeasure | undefined;
}

export interface GroupCounts {
  /** Starts after the first of each process. */
  readonly restarts: number;
  readonly timeouts: number;
  readonly exits: ReadonlyMap<ExitReason, number>;
}
