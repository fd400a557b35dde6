import type { DemandMessage } from '../channel/queue-message.js';
import { isOver } from '../process/process-record.js';
import { decideDemand } from './demand-machine.js';
import { log, type LauncherEffect, type Post } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { slots, type QueueState } from './queue-state.js';

/** Starts consumers on demand, or lets idle ones go, by what the feeder says. */
export function changeConsumers(
  state: LauncherState,
  queue: QueueState,
  demand: DemandMessage,
  now: number,
  post: Post,
): LauncherEffect[] {
  if (!mayChange(state, queue)) return [];
  const decision = decideDemand({
    demand,
    config: queue.config,
    active: queue.wanted.size,
    booting: [...queue.wanted].filter((id) => state.processes.get(id)!.state !== 'running').length,
    slots: slots(queue, state.processes).length,
    growth: queue.growth,
    now,
  });
  if (decision === undefined) return [];
  const { type, count, reason } = decision;
  if (type === 'let-go') return letGo(queue, count, reason, now);
  queue.growth.grownAt = now;
  return startConsumers(state, queue, count, reason, now, post);
}

/** What is missing up to the minimum is started whatever the feeder says. */
export function keepMinimum(state: LauncherState, queue: QueueState, now: number, post: Post): LauncherEffect[] {
  const { minInstances = 0 } = queue.config.onDemand ?? {};
  if (queue.wanted.size >= minInstances || !mayChange(state, queue)) return [];
  const count = Math.min(minInstances - queue.wanted.size, slots(queue, state.processes).length);
  return count === 0 ? [] : startConsumers(state, queue, count, `the minimum is ${minInstances}`, now, post);
}

/** Not before the group has begun, and not when it comes to its end. */
function mayChange(state: LauncherState, queue: QueueState): boolean {
  const feeder = state.processes.get(queue.feeder)!;
  const begun = feeder.incarnation > 0 && !isOver(feeder);
  return queue.config.onDemand !== undefined && begun && !queue.closing && state.phase === 'running' && !state.held;
}

function startConsumers(
  state: LauncherState,
  queue: QueueState,
  count: number,
  reason: string,
  now: number,
  post: Post,
): LauncherEffect[] {
  const ids = slots(queue, state.processes).slice(0, count);
  queue.growth.startedAt = now;
  for (const id of ids) queue.wanted.add(id);
  return [
    log('log', `Starting ${consumers(count)}: ${reason}`, queue.group),
    ...ids.flatMap((id) => post(id, { type: 'start' })),
  ];
}

function letGo(queue: QueueState, count: number, reason: string, now: number): LauncherEffect[] {
  Object.assign(queue.growth, { letGo: count, letGoAt: now });
  return [
    log('log', `Letting go ${consumers(count)} of ${queue.wanted.size}: ${reason}`, queue.group),
    { type: 'tell', id: queue.feeder, notice: { type: 'let-go', count } },
  ];
}

function consumers(count: number): string {
  return count === 1 ? '1 consumer' : `${count} consumers`;
}
