import type { GroupConfig } from '../config/group-config.js';
import type { ExitReason } from './process-exit.js';
import type { ProcessSpec } from './process-spec.js';
import type { ProcessState } from './process-state.js';

/** Times of a process that its decisions need, in monotonic milliseconds. */
export interface ProcessTimes {
  readonly spawnedAt: number;
  readonly readyAt: number;
  /** When silence began to count: at `ready`, at the last sign of life, at the end of a pause of ours. */
  readonly silentSince: number;
  readonly stopAskedAt: number;
  /** When a process in backoff is due. */
  readonly dueAt: number;
}

/** All that is known of a supervised process. Replaced as a whole, by `decideProcess` alone. */
export interface ProcessRecord extends ProcessTimes {
  readonly spec: ProcessSpec;
  readonly state: ProcessState;
  readonly pid: number | undefined;
  readonly incarnation: number;
  readonly seenAt: number | undefined;
  /** Why the current incarnation is ending: the first reason that was known. */
  readonly endReason: ExitReason | undefined;
  /** True when we have sent it SIGKILL. */
  readonly killed: boolean;
  /** The launcher wants it stopped: it is not started again. */
  readonly unwanted: boolean;
  /** The slave said that its work is done, with this exit code. */
  readonly endedCode: number | undefined;
  readonly timeoutsInARow: number;
  /** When it was restarted after an end of its own, within the restart window. */
  readonly restarts: readonly number[];
}

/** A process that was not started yet. */
export function createRecord(spec: ProcessSpec): ProcessRecord {
  return {
    spec,
    state: 'created',
    pid: undefined,
    incarnation: 0,
    seenAt: undefined,
    endReason: undefined,
    killed: false,
    unwanted: false,
    endedCode: undefined,
    timeoutsInARow: 0,
    restarts: [],
    spawnedAt: 0,
    readyAt: 0,
    silentSince: 0,
    stopAskedAt: 0,
    dueAt: 0,
  };
}

/** Whether the operating system may still have a process of this record. */
export function isLive(record: ProcessRecord): boolean {
  return record.state === 'starting' || record.state === 'running' || record.state === 'stopping';
}

/** Whether nothing will ever happen to it again. */
export function isOver(record: ProcessRecord): boolean {
  return record.state === 'stopped' || record.state === 'failed';
}

/** Whether its silence counts for the master's own timeout. */
export function isAccountable(record: ProcessRecord): boolean {
  return record.spec.config.timeout > 0 && !isOver(record);
}

/** When the state of a process has to be looked at again; Infinity: not before something happens. */
export function processDeadline(record: ProcessRecord): number {
  if (record.state === 'backoff') return record.dueAt;
  if (!isLive(record) || record.killed) return Infinity;
  return LIVE_DEADLINES[record.state as 'starting' | 'running' | 'stopping'](record, record.spec.config);
}

const LIVE_DEADLINES = {
  starting: (record: ProcessRecord, config: GroupConfig) => after(record.spawnedAt, config.startTimeout),
  running: (record: ProcessRecord, config: GroupConfig) => after(record.silentSince, config.timeout),
  stopping: (record: ProcessRecord, config: GroupConfig) => record.stopAskedAt + config.stopTimeout * 1000,
};

/** A limit of 0 seconds is no limit. */
function after(since: number, seconds: number): number {
  return seconds === 0 ? Infinity : since + seconds * 1000;
}
