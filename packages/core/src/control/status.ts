import { packageVersion } from '../agent-channel/package-version.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
import { GroupUnknownError } from './control-errors.js';
import type { FleetRecorder } from './fleet-recorder.js';
import type { FleetSource, SourceGroup } from './fleet-source.js';
import type { FleetStatus, GroupStatus, ProcessStatus } from './fleet-status.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessState } from '../process/process-state.js';

/** What is shown of a fleet: what its launcher knows, and what was recorded. */
export interface Fleet {
  readonly source: FleetSource;
  readonly recorder: FleetRecorder;
  /** The time of day. */
  readonly now: () => Date;
}

type States = Partial<Record<ProcessState, number>>;

export function fleetStatus(fleet: Fleet): FleetStatus {
  const { source, recorder } = fleet;
  return {
    ...(source.name !== undefined && { name: source.name }),
    version: packageVersion(),
    node: process.version,
    pid: process.pid,
    epoch: source.epoch,
    service: source.service,
    phase: phaseOf(fleet),
    startedAt: recorder.startedAt.toISOString(),
    uptime: secondsSince(recorder.startedAt.getTime(), fleet.now()),
    ...recorder.own.now,
    ...(source.change !== undefined && { change: source.change }),
    groups: groupStatuses(fleet),
  };
}

export function phaseOf({ source, recorder }: Fleet): FleetStatus['phase'] {
  if (source.isStopping) return 'stopping';
  return recorder.isStarted ? 'running' : 'starting';
}

export function groupStatuses({ source, recorder }: Fleet): GroupStatus[] {
  const states = countStates(source.processes);
  const queues = new Map(source.queues.map(({ group, ...queue }) => [group, queue]));
  return source.groups.map(({ name, kind, command, suspended }) => {
    const { restarts, timeouts } = recorder.group(name);
    const queue = queues.get(name);
    return {
      name,
      kind,
      command,
      suspended,
      states: states.get(name) ?? {},
      restarts,
      timeouts,
      ...(queue !== undefined && { queue }),
    };
  });
}

/**
 * @param group default: all
 * @throws GroupUnknownError
 */
export function processStatuses(fleet: Fleet, group?: string): ProcessStatus[] {
  if (group !== undefined) assertGroup(fleet.source.groups, group);
  const now = fleet.now();
  const wanted = fleet.source.processes.filter((process) => group === undefined || process.group === group);
  return wanted.map((process) => processStatus(fleet, process, now));
}

/** @throws GroupUnknownError */
export function assertGroup(groups: readonly SourceGroup[], name: string): void {
  const names = groups.map((group) => group.name);
  if (!names.includes(name)) throw new GroupUnknownError(name, names);
}

function processStatus({ source, recorder }: Fleet, process: ManagedProcess, now: Date): ProcessStatus {
  const { id, groupId, groupCount, group, host, command, display, state, pid, incarnation, lastSeen } = process;
  const history = recorder.history(id);
  const role = source.roleOf(id);
  return {
    id,
    groupId,
    groupCount,
    group,
    host,
    command,
    display,
    ...(role !== undefined && { role }),
    state,
    ...(pid !== undefined && { pid }),
    incarnation,
    ...startOf(history?.startedAt, now),
    ...(lastSeen !== undefined && { lastSeen: lastSeen.toISOString() }),
    restarts: history?.restarts ?? 0,
    timeouts: history?.timeouts ?? 0,
    exits: history?.exits ?? [],
    ...measureOf(history?.measure),
  };
}

function startOf(startedAt: number | undefined, now: Date): Pick<ProcessStatus, 'startedAt' | 'uptime'> {
  if (startedAt === undefined) return {};
  return { startedAt: new Date(startedAt).toISOString(), uptime: secondsSince(startedAt, now) };
}

function measureOf(measure: ProcessMeasure | undefined): Pick<ProcessStatus, 'rss' | 'cpu' | 'loopLag' | 'items'> {
  const { rss, cpu, lag, items } = measure ?? {};
  return {
    ...(rss !== undefined && { rss }),
    ...(cpu !== undefined && { cpu }),
    ...(lag !== undefined && { loopLag: lag / 1000 }),
    ...(items !== undefined && { items }),
  };
}

function countStates(processes: readonly ManagedProcess[]): Map<string, States> {
  const counts = new Map<string, States>();
  for (const { group, state } of processes) {
    const states = counts.get(group) ?? {};
    states[state] = (states[state] ?? 0) + 1;
    counts.set(group, states);
  }
  return counts;
}

/** The clock of the day may be put back. */
function secondsSince(startedAt: number, now: Date): number {
  return Math.max(0, (now.getTime() - startedAt) / 1000);
}
