import type { DemandMessage } from '../channel/queue-message.js';
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
  /** Ids of all consumers that there may be. */
  readonly consumers: readonly number[];
  /** Consumers that run, or will: on demand those whose slots are used. */
  readonly wanted: Set<number>;
  /** Incarnation of the feeder that is ready; undefined: none. */
  ready: number | undefined;
  /** Whether the last feeder that was ready can go on with what consumers of its predecessor hold. */
  adopts: boolean;
  /** The last incarnation of the feeder that is gone. */
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
  readonly counts: QueueCounts;
  readonly growth: Growth;
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
export function createQueues(specs: readonly ProcessSpec[]): ReadonlyMap<string, QueueState> {
  const feeders = specs.filter(({ queue }) => queue?.role === 'feeder');
  return new Map(feeders.map((feeder) => [feeder.config.name, createQueue(feeder, specs)]));
}

function createQueue({ id, config: { name, queue } }: ProcessSpec, specs: readonly ProcessSpec[]): QueueState {
  const members = specs.filter((spec) => spec.config.name === name && spec.queue?.role === 'consumer');
  const consumers = members.map((spec) => spec.id);
  return {
    group: name,
    config: queue!,
    feeder: id,
    consumers,
    wanted: new Set(consumers.slice(0, queue!.onDemand?.minInstances)),
    ready: undefined,
    adopts: false,
    gone: 0,
    goneAt: 0,
    goneUntold: false,
    owing: new Set(),
    waitTold: false,
    overdueKilled: false,
    closing: false,
    counts: { demand: undefined, doneBefore: 0, failedBefore: 0, samples: [] },
    growth: { grownAt: -Infinity, startedAt: -Infinity, letGo: 0, letGoAt: -Infinity },
  };
}

/** Processes that start with their group; the other slots are for when there is work. */
export function isInitial(queue: QueueState | undefined, id: number): boolean {
  return queue === undefined || id === queue.feeder || queue.wanted.has(id);
}

/** Ids that may be used for another consumer: not what has failed for good, or has ended by itself. */
export function slots(queue: QueueState, records: Records): number[] {
  if (queue.config.onDemand === undefined) return [];
  return queue.consumers.filter((id) => !queue.wanted.has(id) && isSlot(records.get(id)!));
}

function isSlot({ state, unwanted }: ProcessRecord): boolean {
  return state === 'created' || (state === 'stopped' && unwanted);
}

/** Whether the feeder is not to start, because consumers have still to finish what they hold of the one before. */
export function isHeldBack(queue: QueueState, records: Records): boolean {
  return queue.owing.size > 0 && records.get(queue.feeder)!.state === 'backoff';
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

/** Whether the system has a process of it that can be told something. */
export function canHear(record: ProcessRecord): boolean {
  return isLive(record) && record.pid !== undefined;
}

/** Whether the feeder was ready and so many consumers were as there are at least, or the feeder has done its work. */
export function hasQueueServed(queue: QueueState, records: Records): boolean {
  const feeder = records.get(queue.feeder)!;
  if (feeder.state === 'stopped') return true;
  const ready = queue.consumers.filter((id) => wasGood(records.get(id)!)).length;
  return wasGood(feeder) && ready >= leastConsumers(queue);
}

/** Whether that can never be. */
export function hasQueueFailed(queue: QueueState, records: Records): boolean {
  const left = queue.consumers.filter((id) => records.get(id)!.state !== 'failed').length;
  return records.get(queue.feeder)!.state === 'failed' || left < Math.max(1, leastConsumers(queue));
}

export function isQueueOver(queue: QueueState, records: Records): boolean {
  return queue.consumers.every((id) => isOver(records.get(id)!));
}

function wasGood({ wasReady, state }: ProcessRecord): boolean {
  return wasReady && state !== 'failed';
}

function leastConsumers({ config, consumers }: QueueState): number {
  return config.onDemand?.minInstances ?? consumers.length;
}
