import type { HostLoad } from '../process/host-load.js';
import { createRecord, processDeadline, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { orderGroups, type OrderedGroup } from './group-order.js';
import { createQueues, isHeldBack, queueDeadline, type QueueState } from './queue-state.js';
import { createTallies, type Tallies } from './tally.js';

/**
 * The life of a launcher: idle -> running -> stopping -> ended. `killing` is a stop that does not wait; from there
 * only the exits of the killed processes lead to the end. A stop before the run leaves the run nothing to start.
 */
export type LauncherPhase = 'idle' | 'running' | 'stopping' | 'killing' | 'ended';

/**
 * Who says what is started: a `master` starts all that it has and ends when that has ended; an `agent` starts what it
 * is told to, and ends when it is told to.
 */
export type LauncherMode = 'master' | 'agent';

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

/**
 * Starts at a time, beyond which others have their turn first: the system takes milliseconds for each, and holds up all
 * else meanwhile, the leases of other hosts included.
 */
export const SPAWNS_AT_A_TIME = 8;

/** A link that was cut is noticed within so long; its processes are unreachable then, and do not count. */
const LINK_PATIENCE_MS = 5000;

/** How long a launcher without a timeout of its own waits for the end of what it has killed. */
const KILL_PATIENCE_MS = 300_000;

/** All that a launcher decides by. Changed in place, by `decide` alone. */
export interface LauncherState {
  phase: LauncherPhase;
  readonly mode: LauncherMode;
  readonly limits: LauncherLimits;
  /** Whether it stays when all processes have ended, and starts all again after the running time. */
  readonly service: boolean;
  readonly groups: Map<string, OrderedGroup>;
  readonly processes: Map<number, ProcessRecord>;
  /** Ids of the processes that no agent supervises. */
  readonly local: Set<number>;
  readonly tallies: Tallies;
  /** The groups that are queue groups; an agent has none: its master decides about them. */
  readonly queues: Map<string, QueueState>;
  /** What is known of hosts, by the keys of their agents; the launcher's own is ''. */
  readonly hosts: Map<string, HostState>;
  /** Of feeders under an agent: up to which incarnation nobody owes them anything. */
  readonly cleared: Map<number, number>;
  startedAt: number;
  /** Processes that wait for their first start, in the order of their ids. */
  toStart: number[];
  /** When the processes that have a boot slot got it. */
  readonly booting: Map<number, number>;
  /** Programs of their own that were started in this turn of the event loop, or are not there yet. */
  readonly spawning: Set<number>;
  /** Processes due at once whose first start was not tried yet; master_started follows the last one. */
  readonly pending: Set<number>;
  /** Groups that wait for those they depend on. */
  readonly waiting: Set<string>;
  /** Groups that are yet to be asked to stop: what depends on them is asked before. */
  readonly toStop: Set<string>;
  /** Groups that are suspended. */
  readonly suspended: Set<string>;
  /** Processes that are forgotten when they are over. */
  readonly retiring: Set<number>;
  /** Those of them that are over. */
  readonly leaving: Set<number>;
  /** Groups that are retired whole. */
  readonly retired: Set<string>;
  /** Those of them that are yet to be asked to stop: what depends on them, and is retired too, is asked before. */
  readonly toRetire: Set<string>;
  /** Last records of what was forgotten, until that was carried out. */
  readonly forgotten: Map<number, ProcessRecord>;
  /** Changes of the fleet that are under way. */
  changes: number;
  /** Processes that they have added. Whoever of them is retired as well has been undone: that it had failed does not count. */
  readonly added: Set<number>;
  /** Groups of which they have retired all, and nothing is left. */
  readonly absent: Set<string>;
  /** Groups that start again, as these processes, when nothing is left of what was retired of them. */
  readonly returning: Map<string, readonly ProcessSpec[]>;
  /** All is stopped to be started again. */
  cycling: boolean;
  /** A process that was forgotten had failed. */
  hadFailed: boolean;
  /** Processes about which something was decided; emptied when all that it causes was done. */
  readonly touched: Set<number>;
  /** Nothing is started for now. */
  held: boolean;
  /** When any accountable process was last seen. */
  silentSince: number;
  stopAskedAt: number;
  killedAt: number;
  /** True while the launcher does not read what processes say, because its log is full. */
  readingPaused: boolean;
  /** The master's own timeout has struck. */
  timedOut: boolean;
  /** What was killed did not go: it is left behind. */
  abandoned: boolean;
}

export interface HostState {
  readonly reachable: boolean;
  readonly load?: HostLoad;
}

export interface StateOptions {
  readonly mode?: LauncherMode;
  /** Default false. */
  readonly service?: boolean;
  /** Numbers of the first incarnations of processes that ran before, on another agent. Default 1. */
  readonly firstIncarnations?: ReadonlyMap<number, number>;
}

export function createState(
  specs: readonly ProcessSpec[],
  limits: LauncherLimits,
  { mode = 'master', service = false, firstIncarnations }: StateOptions = {},
): LauncherState {
  return {
    phase: 'idle',
    mode,
    limits,
    service,
    groups: orderGroups(specs),
    processes: new Map(specs.map((spec) => [spec.id, createRecord(spec, firstIncarnations?.get(spec.id))])),
    local: new Set(specs.filter(({ agent }) => agent === undefined).map(({ id }) => id)),
    tallies: createTallies(specs),
    queues: mode === 'agent' ? new Map() : createQueues(specs),
    hosts: new Map([['', { reachable: true }]]),
    cleared: new Map(),
    startedAt: 0,
    toStart: [],
    booting: new Map(),
    spawning: new Set(),
    pending: new Set(),
    waiting: new Set(),
    toStop: new Set(),
    suspended: new Set(),
    retiring: new Set(),
    leaving: new Set(),
    retired: new Set(),
    toRetire: new Set(),
    forgotten: new Map(),
    changes: 0,
    added: new Set(),
    absent: new Set(),
    returning: new Map(),
    cycling: false,
    hadFailed: false,
    touched: new Set(),
    held: false,
    silentSince: 0,
    stopAskedAt: 0,
    killedAt: 0,
    readingPaused: false,
    timedOut: false,
    abandoned: false,
  };
}

/** When the state has to be looked at again; Infinity: not before something happens. */
export function nextDeadline(state: LauncherState): number {
  return Math.min(ownDeadlines(state), processesDeadline(state));
}

/** The same, of the launcher itself and of the processes about which something was decided. */
export function deadlineOfTouched(state: LauncherState): number {
  let earliest = ownDeadlines(state);
  for (const id of state.touched) earliest = Math.min(earliest, deadlineOf(state, state.processes.get(id)!));
  return earliest;
}

function ownDeadlines(state: LauncherState): number {
  let earliest = Math.min(launcherDeadline(state), slotDeadline(state));
  for (const queue of state.queues.values()) earliest = Math.min(earliest, queueDeadline(queue, state.processes));
  return earliest;
}

/** When the launcher itself has something to decide. */
export function launcherDeadline(state: LauncherState): number {
  const { timeoutMs } = state.limits;
  if (state.phase === 'stopping') return after(state.stopAskedAt, timeoutMs);
  if (state.phase === 'killing') return state.killedAt + (timeoutMs || KILL_PATIENCE_MS);
  if (state.phase !== 'running') return Infinity;
  return Math.min(runningTimeDeadline(state), silenceDeadline(state));
}

/** A service starts nothing again in the middle of a change: what that has taken away or put beside others would stay so. */
function runningTimeDeadline({ service, changes, startedAt, limits }: LauncherState): number {
  return service && changes > 0 ? Infinity : after(startedAt, limits.maxRunningTimeMs);
}

/** When the silence of all processes together has lasted for too long. */
export function silenceDeadline(state: LauncherState): number {
  const { accountable, remote } = state.tallies.all;
  if (state.readingPaused || accountable === 0) return Infinity;
  return after(state.silentSince, state.limits.timeoutMs) + (remote > 0 ? LINK_PATIENCE_MS : 0);
}

/** When this process is to be looked at: its silence does not count while nobody listens; a remote one has its agent. */
export function deadlineOf(state: LauncherState, record: ProcessRecord): number {
  if (record.spec.agent !== undefined || isFeederHeldBack(state, record)) return Infinity;
  return state.readingPaused && record.state === 'running' ? Infinity : processDeadline(record);
}

function isFeederHeldBack(state: LauncherState, { spec, state: processState, incarnation }: ProcessRecord): boolean {
  if (spec.queue?.role !== 'feeder') return false;
  if (state.mode === 'agent') return processState === 'backoff' && (state.cleared.get(spec.id) ?? 0) < incarnation;
  return isHeldBack(state.queues.get(spec.config.name)!, state.processes);
}

export function allOver(state: LauncherState): boolean {
  return state.tallies.all.over === state.processes.size;
}

/** Exit code of the run so far. */
export function exitCodeOf(state: LauncherState): number {
  return state.tallies.all.failed > 0 || state.hadFailed || state.timedOut || state.abandoned ? 1 : 0;
}

/** When the next boot slot is free, though nobody has become ready; 0: there is one now. */
function slotDeadline(state: LauncherState): number {
  if (state.phase !== 'running' || state.held || state.toStart.length === 0) return Infinity;
  if (state.processes.get(state.toStart[0]!)?.spec.config.console === false) {
    return [...state.spawning].filter((id) => isStarting(state, id)).length < SPAWNS_AT_A_TIME ? 0 : Infinity;
  }
  // Slots of those that have booted are taken back with the next start.
  const booting = [...state.booting].filter(([id]) => isStarting(state, id));
  if (booting.length < state.limits.bootSlots) return 0;
  return Math.min(...booting.map(([, since]) => since)) + BOOT_SLOT_MS;
}

export function isStarting({ processes }: Pick<LauncherState, 'processes'>, id: number): boolean {
  return processes.get(id)?.state === 'starting';
}

function processesDeadline(state: LauncherState): number {
  let earliest = Infinity;
  for (const id of state.local) earliest = Math.min(earliest, deadlineOf(state, state.processes.get(id)!));
  return earliest;
}

function after(since: number, ms: number): number {
  return ms === 0 ? Infinity : since + ms;
}
