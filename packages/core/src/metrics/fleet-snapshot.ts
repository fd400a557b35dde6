import type { QueueView } from '../launcher/queue-counts.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessState } from '../process/process-state.js';
import type { GroupCounts, MetricsSource } from './metrics-source.js';
import type { ProcessMeasure } from './process-measure.js';
import type { GroupWork, WorkTotals } from './work-totals.js';

/** Only so many processes have series of their own: those with the lowest ids. Groups have sums of all. */
export const MOST_PROCESS_SERIES = 1000;

/** A fleet at one moment. */
export interface FleetSnapshot {
  readonly source: MetricsSource;
  readonly groups: readonly GroupSnapshot[];
  /** Those with series of their own of which something was measured. */
  readonly processes: readonly { readonly process: ManagedProcess; readonly measure: ProcessMeasure }[];
  /** Processes that have none. */
  readonly withoutSeries: number;
  readonly changes: ReadonlyMap<string, ChangeCount>;
}

export interface GroupSnapshot {
  readonly name: string;
  readonly states: ReadonlyMap<ProcessState, number>;
  readonly history: GroupCounts;
  /** Of a queue group. */
  readonly queue: QueueView | undefined;
  readonly work: GroupWork | undefined;
  /** Sum, in MB. */
  readonly rss: number;
  /** The highest, in milliseconds. */
  readonly lag: number;
}

/** How often a kind of change came to which end. */
export interface ChangeCount {
  readonly change: string;
  readonly result: 'completed' | 'failed';
  readonly count: number;
}

export function takeSnapshot(
  source: MetricsSource,
  work: WorkTotals,
  changes: ReadonlyMap<string, ChangeCount>,
): FleetSnapshot {
  const sums = new Map(
    source.groups.map((name) => [name, { states: new Map<ProcessState, number>(), rss: 0, lag: 0 }]),
  );
  const processes: { process: ManagedProcess; measure: ProcessMeasure }[] = [];
  const all = source.processes;
  for (const [index, process] of all.entries()) {
    const sum = sums.get(process.group);
    const measure = source.measureOf(process.id);
    if (sum !== undefined) {
      sum.states.set(process.state, (sum.states.get(process.state) ?? 0) + 1);
      sum.rss += measure?.rss ?? 0;
      sum.lag = Math.max(sum.lag, measure?.lag ?? 0);
    }
    if (index < MOST_PROCESS_SERIES && measure !== undefined) processes.push({ process, measure });
  }
  const queues = new Map(source.queues.map((queue) => [queue.group, queue]));
  const groups = [...sums].map(([name, sum]): GroupSnapshot => {
    return { name, ...sum, history: source.history(name), queue: queues.get(name), work: work.of(name) };
  });
  return { source, groups, processes, withoutSeries: Math.max(0, all.length - MOST_PROCESS_SERIES), changes };
}
