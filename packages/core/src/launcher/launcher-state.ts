import { createRecord, isAccountable, isOver, processDeadline, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';

/**
 * The life of a launcher: idle -> running -> stopping -> ended. `killing` is a stop that does not wait; from there
 * only the exits of the killed processes lead to the end. A stop before the run leaves the run nothing to start.
 */
export type LauncherPhase = 'idle' | 'running' | 'stopping' | 'killing' | 'ended';

/** Limits of a launcher in milliseconds; 0: none. */
export interface LauncherLimits {
  /** Silence of all processes together; also the bound of a whole stop. */
  readonly timeoutMs: number;
  readonly maxRunningTimeMs: number;
  readonly maxProcessTimeout: number;
  /** Processes that boot at the same time at the start of a run. */
  readonly bootSlots: number;
}

/**
 * A process has its boot slot until it is ready, at most so long: those that wait for something, or for each other,
 * hold up the others no longer.
 */
export const BOOT_SLOT_MS = 2000;

/** All that a launcher decides by. Changed in place, by `decide` alone. */
export interface LauncherState {
  phase: LauncherPhase;
  readonly limits: LauncherLimits;
  readonly processes: Map<number, ProcessRecord>;
  startedAt: number;
  /** Processes that wait for their first start, in the order of their ids. */
  toStart: number[];
  /** When the processes that have a boot slot got it. */
  readonly booting: Map<number, number>;
  /** Processes due at once whose first start was not tried yet; master_started follows the last one. */
  pendingStarts: number;
  /** When any accountable process was last seen. */
  silentSince: number;
  stopAskedAt: number;
  /** True while the launcher does not read what processes say, because its log is full. */
  readingPaused: boolean;
  /** The master's own timeout has struck. */
  timedOut: boolean;
}

export function createState(specs: readonly ProcessSpec[], limits: LauncherLimits): LauncherState {
  return {
    phase: 'idle',
    limits,
    processes: new Map(specs.map((spec) => [spec.id, createRecord(spec)])),
    startedAt: 0,
    toStart: [],
    booting: new Map(),
    pendingStarts: specs.length,
    silentSince: 0,
    stopAskedAt: 0,
    readingPaused: false,
    timedOut: false,
  };
}

/** When the state has to be looked at again; Infinity: not before something happens. */
export function nextDeadline(state: LauncherState): number {
  return Math.min(launcherDeadline(state), slotDeadline(state), processesDeadline(state));
}

/** When the launcher itself has something to decide. */
export function launcherDeadline(state: LauncherState): number {
  const { timeoutMs, maxRunningTimeMs } = state.limits;
  if (state.phase === 'stopping') return after(state.stopAskedAt, timeoutMs);
  if (state.phase !== 'running') return Infinity;
  return Math.min(after(state.startedAt, maxRunningTimeMs), silenceDeadline(state));
}

/** When the silence of all processes together has lasted for too long. */
export function silenceDeadline(state: LauncherState): number {
  const counts = !state.readingPaused && [...state.processes.values()].some(isAccountable);
  return counts ? after(state.silentSince, state.limits.timeoutMs) : Infinity;
}

/** When this process is to be looked at: its silence does not count while nobody listens. */
export function deadlineOf(state: LauncherState, record: ProcessRecord): number {
  return state.readingPaused && record.state === 'running' ? Infinity : processDeadline(record);
}

export function allOver(state: LauncherState): boolean {
  return [...state.processes.values()].every(isOver);
}

/** Exit code of the run so far. */
export function exitCodeOf(state: LauncherState): number {
  const failed = [...state.processes.values()].some((record) => record.state === 'failed');
  return failed || state.timedOut ? 1 : 0;
}

/** When the next boot slot is free, though nobody has become ready. */
function slotDeadline(state: LauncherState): number {
  if (state.phase !== 'running' || state.toStart.length === 0) return Infinity;
  return Math.min(...state.booting.values()) + BOOT_SLOT_MS;
}

function processesDeadline(state: LauncherState): number {
  let earliest = Infinity;
  for (const record of state.processes.values()) earliest = Math.min(earliest, deadlineOf(state, record));
  return earliest;
}

function after(since: number, ms: number): number {
  return ms === 0 ? Infinity : since + ms;
}
