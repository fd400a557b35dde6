import type { DemandMessage, LetGoMessage } from '../channel/queue-message.js';
import { isOver } from '../process/process-record.js';
import { decideDemand } from './demand-machine.js';
import { busiestFirst, chooseSlots, isReachable, reachableSlots } from './host-choice.js';
import { log, type LauncherEffect, type Post } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { activeOf, slotsOf, type ConsumerPool, type QueueState } from './queue-state.js';

/** Starts consumers on demand, or lets idle ones go, by what the feeder says. */
export function changeConsumers(
  state: LauncherState,
  queue: QueueState,
  demand: DemandMessage,
  now: number,
  post: Post,
): LauncherEffect[] {
  if (!mayChange(state, queue)) return [];
  const spare = queue.pools.reduce((sum, pool) => sum + spareOf(queue, pool), 0);
  // Nobody waits for those that are out of reach: they may be gone.
  const active = [...queue.wanted].map((id) => state.processes.get(id)!.state).filter((each) => each !== 'unreachable');
  const decision = decideDemand({
    demand: { ...demand, letGo: offered(queue, demand.letGo, queue.wanted.size - spare) },
    config: queue.config,
    active: active.length,
    booting: active.filter((each) => each !== 'running').length,
    slots: reachableSlots(state, queue),
    spare,
    growth: queue.growth,
    now,
  });
  if (decision === undefined) return [];
  const { type, count, reason } = decision;
  if (type === 'let-go') return letGo(state, queue, count, reason, now);
  queue.growth.grownAt = now;
  return startConsumers(queue, { ids: chooseSlots(state, queue, count), reason, now, post });
}

/** What is missing up to the minimum of a host is started whatever the feeder says. */
export function keepMinimum(state: LauncherState, queue: QueueState, now: number, post: Post): LauncherEffect[] {
  return queue.pools.flatMap((pool) => {
    if (pool.minInstances === 0) return [];
    const missing = pool.minInstances - activeOf(queue, pool).length;
    if (missing <= 0 || !isReachable(state, pool) || !mayChange(state, queue)) return [];
    const ids = slotsOf(queue, pool, state.processes).slice(0, missing);
    const reason = `the minimum is ${pool.minInstances}`;
    return ids.length === 0 ? [] : startConsumers(queue, { ids, reason, now, post });
  });
}

/** Not before the group has begun, and not when it comes to its end. */
function mayChange(state: LauncherState, queue: QueueState): boolean {
  const feeder = state.processes.get(queue.feeder)!;
  const begun = feeder.state !== 'created' && feeder.state !== 'waiting' && !isOver(feeder);
  const mayStart = state.phase === 'running' && !state.held && !state.suspended.has(queue.group);
  return queue.pools.length > 0 && begun && !queue.closing && queue.recycling === undefined && mayStart;
}

interface Start {
  readonly ids: readonly number[];
  readonly reason: string;
  readonly now: number;
  readonly post: Post;
}

function startConsumers(queue: QueueState, { ids, reason, now, post }: Start): LauncherEffect[] {
  queue.growth.startedAt = now;
  for (const id of ids) queue.wanted.add(id);
  const lines = queue.pools.flatMap((pool): LauncherEffect[] => {
    const count = ids.filter((id) => pool.ids.includes(id)).length;
    return count === 0 ? [] : [log('log', `Starting ${consumers(count)}${where(queue, pool)}: ${reason}`, queue.group)];
  });
  return [...lines, ...ids.flatMap((id) => post(id, { type: 'start' }))];
}

/** More than its host is to keep. */
function spareOf(queue: QueueState, pool: ConsumerPool): number {
  return Math.max(0, activeOf(queue, pool).length - pool.minInstances);
}

/** The feeder does not know who has to stay: where that are some, it counts them as if they were among the idle ones. */
function offered(queue: QueueState, letGo: number, staying: number): number {
  return hasOnePool(queue) ? letGo : Math.max(0, letGo - staying);
}

function letGo(state: LauncherState, queue: QueueState, count: number, reason: string, now: number): LauncherEffect[] {
  Object.assign(queue.growth, { letGo: count, letGoAt: now });
  return [
    log('log', `Letting go ${consumers(count)} of ${queue.wanted.size}: ${reason}`, queue.group),
    ...noticesOf(state, queue, count).map((notice): LauncherEffect => ({ type: 'tell', id: queue.feeder, notice })),
  ];
}

/** Where there is a choice, the feeder is told among whom. */
function noticesOf(state: LauncherState, queue: QueueState, count: number): LetGoMessage[] {
  if (hasOnePool(queue)) return [{ type: 'let-go', count }];
  const notices: LetGoMessage[] = [];
  let left = count;
  for (const pool of busiestFirst(state, queue)) {
    const share = Math.min(left, spareOf(queue, pool));
    if (share > 0) notices.push({ type: 'let-go', count: share, among: activeOf(queue, pool) });
    left -= share;
  }
  return notices;
}

/** All consumers are on demand, and alike. */
function hasOnePool({ pools, consumers: all }: QueueState): boolean {
  return pools.length === 1 && pools[0]!.ids.length === all.length;
}

/** Where there is only this machine, that is no news. */
function where({ pools }: QueueState, { host }: ConsumerPool): string {
  return pools.length === 1 && host === 'localhost' ? '' : ` on ${host}`;
}

function consumers(count: number): string {
  return count === 1 ? '1 consumer' : `${count} consumers`;
}
