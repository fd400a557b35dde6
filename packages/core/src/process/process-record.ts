import type { GroupConfig } from '../config/group-config.js';
import type { ExitReason } from './process-exit.js';
import type { ProcessSpec } from './process-spec.js';
import type { ProcessState } from './process-state.js';

/** Times of a process that its decisions need, in monotonic milliseconds. */
export interface ProcessTimes {
  /** Since when its `start_timeout` counts. */
  readonly spawnedAt: number;
  readonly readyAt: number;
  /** When silence began to count: at `ready`, at the last sign of life, at the end of a pause of ours. */
  readonly silentSince: number;
  readonly stopAskedAt: number;
  /** When a process in backoff is due. */
  readonly dueAt: number;
  /** When the current incarnation is old enough to be replaced. */
  readonly agedAt: number;
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
  /** Held back: its end leads to suspended, from where it can be resumed. */
  readonly suspended: boolean;
  /** It was resumed before it had stopped: it starts again at its end. */
  readonly resumed: boolean;
  /** One of its incarnations was ready: what depends on it may start. */
  readonly wasReady: boolean;
  /** Of a feeder: whether its latest incarnation that was ready can go on with what consumers of its predecessor hold. */
  readonly adopts: boolean;
  /** It boots, and waits for what others may end: its `start_timeout` does not count. */
  readonly waits: boolean;
  /** Resident memory of the current incarnation when it was last measured, in bytes. */
  readonly rssBytes: number | undefined;
  /** The slave said that its work is done, with this exit code. */
  readonly endedCode: number | undefined;
  readonly timeoutsInARow: number;
  /** When it was restarted after an end of its own, within the restart window. */
  readonly restarts: readonly number[];
  /** Replacements in a row that came within the restart window because of memory: they slow down, but never end. */
  readonly recycles: readonly number[];
}

/**
 * A process that was not started yet.
 *
 * @param firstIncarnation number of its first start
 */
export function createRecord(spec: ProcessSpec, firstIncarnation = 1): ProcessRecord {
  return {
    spec,
    state: 'created',
    pid: undefined,
    incarnation: firstIncarnation - 1,
    seenAt: undefined,
    endReason: undefined,
    killed: false,
    unwanted: false,
    suspended: false,
    resumed: false,
    wasReady: false,
    adopts: false,
    waits: false,
    rssBytes: undefined,
    endedCode: undefined,
    timeoutsInARow: 0,
    restarts: [],
    recycles: [],
    spawnedAt: 0,
    readyAt: 0,
    silentSince: 0,
    stopAskedAt: 0,
    dueAt: 0,
    agedAt: Infinity,
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

/** Whether the operating system has nothing of it, though it may have later. */
export function hasNothing(record: ProcessRecord): boolean {
  return !isLive(record) && !isOver(record);
}

/** Whether its silence counts for the master's own timeout: not while it waits for a restart or cannot be heard. */
export function isAccountable(record: ProcessRecord): boolean {
  return record.spec.config.timeout > 0 && isLive(record);
}

/** A process is replaced at 90 to 100 % of its `max_age`, so that those that started together are not all away at once. */
export function ageLimit(record: ProcessRecord, random: number): number {
  const { maxAge } = record.spec.config;
  return maxAge === undefined || maxAge === 0 ? Infinity : maxAge * 1000 * (1 - 0.1 * random);
}

/** When the state of a process has to be looked at again; Infinity: not before something happens. */
export function processDeadline(record: ProcessRecord): number {
  if (record.state === 'backoff') return record.dueAt;
  if (!isLive(record) || record.killed) return Infinity;
  return LIVE_DEADLINES[record.state as 'starting' | 'running' | 'stopping'](record, record.spec.config);
}

const LIVE_DEADLINES = {
  starting: (record: ProcessRecord, config: GroupConfig) =>
    record.waits ? Infinity : after(record.spawnedAt, config.startTimeout),
  running: (record: ProcessRecord, config: GroupConfig) =>
    Math.min(after(record.silentSince, config.timeout), record.unwanted ? Infinity : record.agedAt),
  stopping: (record: ProcessRecord, config: GroupConfig) => record.stopAskedAt + config.stopTimeout * 1000,
};

/** A limit of 0 seconds is no limit. */
function after(since: number, seconds: number): number {
  return seconds === 0 ? Infinity : since + seconds * 1000;
}
