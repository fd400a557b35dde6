import type { DemandMessage } from '../channel/queue-message.js';
import type { GroupConfig } from '../config/group-config.js';
import type { QueueConfig } from '../config/queue-config.js';
import { isLive, isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** How long a feeder waits for its consumers before that is logged. */
const PATIENCE_MS = 1000;

type Records = ReadonlyMap<number, ProcessRecord>;

/** What a launcher knows of a queue group besides its processes. Changed in place, by the launcher's decisions alone. */
export interface QueueState {
  readonly group: string;
  readonly config: QueueConfig;
  /** Id of the feeder. */
  readonly feeder: number;
  /** Ids of all consumers that there may be, with those that are retired or replace others. */
  consumers: readonly number[];
  /** Consumers on demand: those of one block on one host each. The others always run. */
  pools: readonly ConsumerPool[];
  /** Consumers that are retired, and successors of others that are not: nobody counts on them. */
  readonly extra: Set<number>;
  /** Successors by the consumers whose places they take when those are retired. */
  readonly successors: Map<number, number>;
  /** Consumers that run, or will: on demand those whose slots are used. */
  readonly wanted: Set<number>;
  /** Incarnation of the feeder that is ready; undefined: none. */
  ready: number | undefined;
  /** Whether the last feeder that was ready can go on with what consumers of its predecessor hold. */
  adopts: boolean;
  /** The last incarnation of the feeder of which the exit is known. */
  lastEnded: number;
  /** The last incarnation of the feeder that was ready and is gone. */
  gone: number;
  goneAt: number;
  /** It adopted and was to start again, so its consumers were not told. */
  goneUntold: boolean;
  /** Consumers that have not finished yet what they hold of that one; the next waits for them. */
  readonly owing: Set<number>;
  waitTold: boolean;
  overdueKilled: boolean;
  /** The group comes to its end: first the consumers, then the feeder. */
  closing: boolean;
  /** It is stopped, first the consumers, then the feeder, to start these again. */
  recycling: readonly number[] | undefined;
  readonly counts: QueueCounts;
  readonly growth: Growth;
}

/** Consumers on demand of one block on one host. */
export interface ConsumerPool {
  /** Key of the agent of the host; '': the launcher's own. */
  readonly agent: string;
  /** Its name in the log. */
  readonly host: string;
  ids: readonly number[];
  minInstances: number;
  /** Of the first of them. */
  readonly config: GroupConfig;
}

/** What the feeder has told. */
export interface QueueCounts {
  /** By the feeder that lives. */
  demand: DemandMessage | undefined;
  /** In the lives of the feeders before. */
  doneBefore: number;
  failedBefore: number;
  /** Items answered so far at some moments of the last seconds, the oldest first. */
  samples: { readonly at: number; readonly answered: number }[];
}

/** When the number of consumers on demand was last changed. */
export interface Growth {
  /** Work has started consumers. */
  grownAt: number;
  startedAt: number;
  /** So many were to leave, and the feeder has not answered for them yet. */
  letGo: number;
  letGoAt: number;
}

/** The queue groups among the processes, by their names. */
export function createQueues(specs: readonly ProcessSpec[]): Map<string, QueueState> {
  const feeders = specs.filter(({ queue }) => queue?.role === 'feeder');
  return new Map(feeders.map((feeder) => [feeder.config.name, createQueue(feeder, specs)]));
}

function createQueue({ id, config: { name, queue } }: ProcessSpec, specs: readonly ProcessSpec[]): QueueState {
  const members = specs.filter((spec) => spec.config.name === name && spec.queue?.role === 'consumer');
  const consumers = members.map((spec) => spec.id);
  const pools = poolsOf(members);
  return {
    group: name,
    config: queue!,
    feeder: id,
    consumers,
    pools,
    extra: new Set(),
    successors: new Map(),
    wanted: new Set(leastOf(consumers, pools)),
    ready: undefined,
    adopts: false,
    lastEnded: 0,
    gone: 0,
    goneAt: 0,
    goneUntold: false,
    owing: new Set(),
    waitTold: false,
    overdueKilled: false,
    closing: false,
    recycling: undefined,
    counts: { demand: undefined, doneBefore: 0, failedBefore: 0, samples: [] },
    growth: { grownAt: -Infinity, startedAt: -Infinity, letGo: 0, letGoAt: -Infinity },
  };
}

/** Those that run whatever there is to do. */
export function leastOf(consumers: readonly number[], pools: readonly ConsumerPool[]): number[] {
  const onDemand = new Set(pools.flatMap(({ ids }) => ids));
  const first = pools.flatMap(({ ids, minInstances }) => ids.slice(0, minInstances));
  return [...consumers.filter((id) => !onDemand.has(id)), ...first];
}

function poolsOf(members: readonly ProcessSpec[]): ConsumerPool[] {
  const pools = new Map<string, ConsumerPool & { readonly ids: number[] }>();
  const blocks = [...new Set(members.map(({ config }) => config))];
  for (const spec of members.filter(isOnDemand)) {
    const { id, agent = '', config, origin } = spec;
    const key = `${blocks.indexOf(config)} ${agent}`;
    const { minInstances } = config.queue!.onDemand!;
    if (!pools.has(key)) pools.set(key, { agent, host: origin.host, ids: [], minInstances, config });
    pools.get(key)!.ids.push(id);
  }
  return [...pools.values()];
}

export function isOnDemand({ config }: ProcessSpec): boolean {
  return config.queue?.onDemand !== undefined;
}

/** Processes that start with their group; the other slots are for when there is work. */
export function isInitial(queue: QueueState | undefined, id: number): boolean {
  return queue === undefined || id === queue.feeder || queue.wanted.has(id);
}

/** Ids that may be used for another consumer: not what has failed for good, or has ended by itself. */
export function slots(queue: QueueState, records: Records): number[] {
  return queue.pools.flatMap((pool) => slotsOf(queue, pool, records));
}

export function slotsOf(queue: QueueState, { ids }: ConsumerPool, records: Records): number[] {
  return ids.filter((id) => !queue.wanted.has(id) && isSlot(records.get(id)!));
}

/** Those of a pool that run, or will. */
export function activeOf({ wanted }: QueueState, { ids }: ConsumerPool): number[] {
  return ids.filter((id) => wanted.has(id));
}

function isSlot({ state, unwanted }: ProcessRecord): boolean {
  return state === 'created' || (state === 'stopped' && unwanted);
}

/** Whether the feeder is not to start, because consumers have still to finish what they hold of the one before. */
export function isHeldBack(queue: QueueState, records: Records): boolean {
  if (queue.owing.size === 0) return false;
  const feeder = records.get(queue.feeder)!;
  // Of one under an agent only its last exit is sure, and that was told before anybody owed.
  return feeder.state === 'backoff' || (feeder.spec.agent !== undefined && !isOver(feeder) && !feeder.unwanted);
}

/** When the wait of a feeder for its consumers has to be looked at; Infinity: it does not wait. */
export function queueDeadline(queue: QueueState, records: Records): number {
  if (!isHeldBack(queue, records)) return Infinity;
  return queue.waitTold ? overdueAt(queue) : queue.goneAt + PATIENCE_MS;
}

/** When all that was begun should have ended. */
export function overdueAt({ config, goneAt, overdueKilled }: QueueState): number {
  if (config.itemTimeout === 0 || overdueKilled) return Infinity;
  return goneAt + Math.max((config.itemTimeout + config.abortGrace) * 1000, PATIENCE_MS);
}

/** Whether the system has a process of it that can be told something; out of reach, it is told when it is back. */
export function canHear(record: ProcessRecord): boolean {
  return (isLive(record) || record.state === 'unreachable') && record.pid !== undefined;
}

/** Whether the feeder was ready and so many consumers were as there are at least, or the feeder has done its work. */
export function hasQueueServed(queue: QueueState, records: Records): boolean {
  const feeder = records.get(queue.feeder)!;
  if (feeder.state === 'stopped') return true;
  const ready = counted(queue).filter((id) => wasGood(records.get(id)!)).length;
  return wasGood(feeder) && ready >= leastConsumers(queue);
}

/** Whether that can never be. */
export function hasQueueFailed(queue: QueueState, records: Records): boolean {
  const left = counted(queue).filter((id) => records.get(id)!.state !== 'failed').length;
  return records.get(queue.feeder)!.state === 'failed' || left < Math.max(1, leastConsumers(queue));
}

export function isQueueOver(queue: QueueState, records: Records): boolean {
  return queue.consumers.every((id) => isOver(records.get(id)!));
}

function wasGood({ wasReady, state }: ProcessRecord): boolean {
  return wasReady && state !== 'failed';
}

function leastConsumers(queue: QueueState): number {
  const most = counted(queue).length;
  return queue.pools.reduce((sum, { ids, minInstances }) => sum - Math.max(0, ids.length - minInstances), most);
}

function counted({ consumers, extra }: QueueState): readonly number[] {
  return extra.size === 0 ? consumers : consumers.filter((id) => !extra.has(id));
}
