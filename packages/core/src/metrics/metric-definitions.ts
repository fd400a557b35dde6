import type { ProcessState } from '../process/process-state.js';
import type { FleetSnapshot, GroupSnapshot } from './fleet-snapshot.js';
import type { ProcessMeasure } from './process-measure.js';

export type Labels = Readonly<Record<string, string | number>>;
export type Sample = readonly [labels: Labels, value: number];

/** One metric, and how it is read. */
export interface MetricDefinition {
  /** Without the prefix. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (snapshot: FleetSnapshot) => readonly Sample[];
}

/** Before the name of each metric. */
export const PREFIX = 'distributed_architecture_';

export const HANDLING_TIME = {
  name: 'item_handling_seconds',
  help: 'How long items took, from the call of their handler to its end',
  labels: ['group'],
} as const;

const MB = 1_048_576;

const STATES = Object.keys({
  created: true,
  waiting: true,
  starting: true,
  running: true,
  stopping: true,
  backoff: true,
  stopped: true,
  failed: true,
  suspended: true,
  unreachable: true,
} satisfies Record<ProcessState, true>) as ProcessState[];

/** All but the histogram. Seconds and bytes, as Prometheus has it. */
export const METRICS: readonly MetricDefinition[] = [
  {
    name: 'info',
    type: 'gauge',
    help: 'Always 1; its labels say which fleet this is',
    labels: ['fleet', 'version', 'node'],
    samples: ({ source: { name = '', version } }) => [[{ fleet: name, version, node: process.versions.node }, 1]],
  },
  {
    name: 'start_time_seconds',
    type: 'gauge',
    help: 'When this run of the fleet was started, in seconds since 1970',
    labels: [],
    samples: ({ source }) => [[{}, source.startedAt.getTime() / 1000]],
  },
  {
    name: 'processes',
    type: 'gauge',
    help: 'Processes of each group by their state',
    labels: ['group', 'state'],
    samples: ({ groups }) =>
      groups.flatMap(({ name, states }) =>
        STATES.map((state): Sample => [{ group: name, state }, states.get(state) ?? 0]),
      ),
  },
  {
    name: 'process_restarts_total',
    type: 'counter',
    help: 'Starts of processes after the first of each',
    labels: ['group'],
    samples: ofGroups(({ history }) => history.restarts),
  },
  {
    name: 'process_timeouts_total',
    type: 'counter',
    help: 'Processes that were not seen for their timeout',
    labels: ['group'],
    samples: ofGroups(({ history }) => history.timeouts),
  },
  {
    name: 'process_exits_total',
    type: 'counter',
    help: 'Ends of processes by their reason',
    labels: ['group', 'reason'],
    samples: ({ groups }) =>
      groups.flatMap(({ name, history }) =>
        [...history.exits].map(([reason, count]): Sample => [{ group: name, reason }, count]),
      ),
  },
  {
    name: 'items_total',
    type: 'counter',
    help: 'Items of queue groups by their outcome: done and failed as the feeder has recorded it, released what consumers gave back and never began',
    labels: ['group', 'outcome'],
    samples: ({ groups }) => groups.flatMap(itemsOf),
  },
  {
    name: 'items_waiting',
    type: 'gauge',
    help: 'Items that wait and that no consumer has; of a source that cannot tell at least those that were read',
    labels: ['group'],
    samples: ofGroups(({ queue }) => queue?.waiting),
  },
  {
    name: 'items_held',
    type: 'gauge',
    help: 'Items that consumers have',
    labels: ['group'],
    samples: ofGroups(({ queue }) => queue?.held),
  },
  {
    name: 'items_per_second',
    type: 'gauge',
    help: 'Items that were answered in the last 10 seconds, for each second',
    labels: ['group'],
    samples: ofGroups(({ queue }) => queue?.rate),
  },
  {
    name: 'consumers_connected',
    type: 'gauge',
    help: 'Consumers that are connected to their feeder',
    labels: ['group'],
    samples: ofGroups(({ queue }) => queue?.consumers),
  },
  {
    name: 'group_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of all processes of a group together, as far as it was measured',
    labels: ['group'],
    samples: ofGroups(({ rss }) => rss * MB),
  },
  {
    name: 'group_event_loop_lag_seconds',
    type: 'gauge',
    help: 'The highest event loop lag of the processes of a group',
    labels: ['group'],
    samples: ofGroups(({ lag }) => lag / 1000),
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of a process',
    labels: ['group', 'process'],
    samples: ofProcesses(({ rss }) => rss && rss * MB),
  },
  {
    name: 'process_cpu_ratio',
    type: 'gauge',
    help: 'Processor time of a process since it was measured last, as a fraction of one core',
    labels: ['group', 'process'],
    samples: ofProcesses(({ cpu }) => cpu),
  },
  {
    name: 'process_event_loop_lag_seconds',
    type: 'gauge',
    help: 'How late the event loop of a process was when it measured itself',
    labels: ['group', 'process'],
    samples: ofProcesses(({ lag }) => lag && lag / 1000),
  },
  {
    name: 'processes_without_series',
    type: 'gauge',
    help: 'Processes beyond the first 1,000, which have no series of their own',
    labels: [],
    samples: ({ withoutSeries }) => [[{}, withoutSeries]],
  },
  {
    name: 'master_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the master',
    labels: [],
    samples: ({ source }) => [[{}, source.own.rss * MB]],
  },
  {
    name: 'master_cpu_ratio',
    type: 'gauge',
    help: 'Processor time of the master in the last 5 seconds, as a fraction of one core',
    labels: [],
    samples: ({ source }) => [[{}, source.own.cpu]],
  },
  {
    name: 'master_event_loop_lag_seconds',
    type: 'gauge',
    help: 'Longest delay of the event loop of the master in the last 5 seconds',
    labels: [],
    samples: ({ source }) => [[{}, source.own.loopLag]],
  },
  {
    name: 'changes_total',
    type: 'counter',
    help: 'Reloads, restarts, scalings and changes of the configuration by their result, in this run',
    labels: ['change', 'result'],
    samples: ({ changes }) => [...changes.values()].map(({ change, result, count }) => [{ change, result }, count]),
  },
];

/** What is undefined has no series. */
function ofGroups(value: (group: GroupSnapshot) => number | undefined): MetricDefinition['samples'] {
  return ({ groups }) =>
    groups.flatMap((group): Sample[] => {
      const known = value(group);
      return known === undefined ? [] : [[{ group: group.name }, known]];
    });
}

function ofProcesses(value: (measure: ProcessMeasure) => number | undefined): MetricDefinition['samples'] {
  return ({ processes }) =>
    processes.flatMap(({ process: { id, group }, measure }): Sample[] => {
      const known = value(measure);
      return known === undefined ? [] : [[{ group, process: id }, known]];
    });
}

function itemsOf({ name, queue, work }: GroupSnapshot): Sample[] {
  if (queue === undefined) return [];
  return [
    [{ group: name, outcome: 'done' }, queue.done],
    [{ group: name, outcome: 'failed' }, queue.failed],
    [{ group: name, outcome: 'released' }, work?.released ?? 0],
  ];
}
