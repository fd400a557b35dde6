/*
 * Consumers that come and go for good. Owner: `launcher-changes.ts`.
 */
import type { GroupConfig } from '../config/group-config.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { isOnDemand, type QueueState } from './queue-state.js';

/** Another consumer; on demand another slot. */
export function joinQueue(queue: QueueState, spec: ProcessSpec): void {
  const { id, config, agent = '', origin } = spec;
  queue.consumers = [...queue.consumers, id];
  if (!isOnDemand(spec)) return void queue.wanted.add(id);
  const pool = queue.pools.find((each) => each.agent === agent && isSameBlock(each.config, config));
  if (pool !== undefined) pool.ids = [...pool.ids, id];
  else {
    const { minInstances } = config.queue!.onDemand!;
    queue.pools = [...queue.pools, { agent, host: origin.host, ids: [id], minInstances, config }];
  }
}

/** What is missing up to the minimum starts as soon as it is looked at. */
export function setBounds(queues: ReadonlyMap<string, QueueState>, specs: readonly ProcessSpec[]): void {
  for (const { agent = '', config } of specs) {
    const pools = queues.get(config.name)?.pools ?? [];
    const pool = pools.find((each) => each.agent === agent && isSameBlock(each.config, config));
    if (pool !== undefined) pool.minInstances = config.queue!.onDemand!.minInstances;
  }
}

/** A consumer that has no place until that of the other one is free. */
export function joinAsSuccessor(queue: QueueState, of: number, { id }: ProcessSpec): void {
  queue.consumers = [...queue.consumers, id];
  queue.wanted.add(id);
  queue.extra.add(id);
  queue.successors.set(of, id);
}

/** It is about to go for good: its successor has its place now, if there is one. */
export function leaveQueue(queue: QueueState, id: number): void {
  const successor = queue.successors.get(id);
  queue.wanted.delete(id);
  queue.extra.add(id);
  forgetSuccession(queue, id);
  if (successor !== undefined) queue.extra.delete(successor);
  const places = successor === undefined ? [] : [successor];
  for (const pool of queue.pools.filter(({ ids }) => ids.includes(id))) {
    pool.ids = pool.ids.toSpliced(pool.ids.indexOf(id), 1, ...places);
  }
  queue.pools = queue.pools.filter(({ ids }) => ids.length > 0);
}

function forgetSuccession({ successors }: QueueState, id: number): void {
  successors.delete(id);
  for (const [of, successor] of successors) if (successor === id) successors.delete(of);
}

export function forgetConsumer(queue: QueueState, id: number): void {
  queue.consumers = queue.consumers.filter((each) => each !== id);
  for (const ids of [queue.extra, queue.wanted, queue.owing]) ids.delete(id);
}

/** Whether two consumers on demand are of one block: all is the same but how many there may be. */
export function isSameBlock(one: GroupConfig, other: GroupConfig): boolean {
  return one === other || blockKey(one) === blockKey(other);
}

export function blockKey(config: GroupConfig): string {
  const { onDemand, ...queue } = config.queue!;
  return JSON.stringify({ ...config, reload: undefined, queue: { ...queue, maxIdleTime: onDemand?.maxIdleTime } });
}
