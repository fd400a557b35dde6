/*
 * Queue groups that are suspended, or stopped to be started again: first the consumers, then the feeder. Owner:
 * `queue-closing.ts`.
 */
import { hasNothing, isOver, type ProcessRecord } from '../process/process-record.js';
import type { LauncherContext, LauncherEffect, Post } from './launcher-decision.js';
import { beginAgain } from './launcher-start.js';
import type { LauncherState } from './launcher-state.js';
import { isInitial, isQueueOver, type QueueState } from './queue-state.js';

/** Asks what is to be asked now, each once. */
export function goOnSuspending(state: LauncherState, queue: QueueState, post: Post): LauncherEffect[] {
  const consumers = queue.consumers.map((id) => state.processes.get(id)!);
  const effects = consumers.filter((each) => isToSuspend(state, queue, each)).flatMap((each) => suspend(each, post));
  const feeder = state.processes.get(queue.feeder)!;
  // Looked at again: what had nothing is suspended at once.
  const isDown = queue.consumers.every((id) => isAway(queue, state.processes.get(id)!));
  if (feeder.suspended || isOver(feeder) || (!isDown && !hasNothing(feeder))) return effects;
  return [...effects, ...suspend(feeder, post)];
}

/** Not what is leaving for good, or stands by for when there is work. */
function isToSuspend({ retiring }: LauncherState, queue: QueueState, record: ProcessRecord): boolean {
  const { id } = record.spec;
  return !isOver(record) && !record.suspended && !record.unwanted && isInitial(queue, id) && !retiring.has(id);
}

function isAway(queue: QueueState, record: ProcessRecord): boolean {
  const isSuspended = record.state === 'suspended' && record.suspended;
  return isOver(record) || isSuspended || (record.state === 'created' && !queue.wanted.has(record.spec.id));
}

function suspend({ spec }: ProcessRecord, post: Post): LauncherEffect[] {
  return post(spec.id, { type: 'suspend' });
}

/** When the feeder has ended as well, all start. */
export function goOnRecycling(
  state: LauncherState,
  queue: QueueState,
  context: LauncherContext,
  post: Post,
): LauncherEffect[] {
  const { feeder, recycling = [] } = queue;
  const effects = queue.consumers.flatMap((id) => stop(state.processes.get(id)!, post));
  const areOver = isQueueOver(queue, state.processes);
  // One that waits for its restart is not to start in between.
  if (areOver || hasNothing(state.processes.get(feeder)!)) {
    effects.push(...stop(state.processes.get(feeder)!, post));
  }
  if (!areOver || !isOver(state.processes.get(feeder)!)) return effects;
  queue.recycling = undefined;
  const ids = recycling.filter((id) => state.processes.has(id) && !state.retiring.has(id));
  for (const id of ids) if (id !== feeder) queue.wanted.add(id);
  return [...effects, ...beginAgain(state, ids, context)];
}

/** Whoever was asked once is not asked again. */
export function stop(record: ProcessRecord, post: Post): LauncherEffect[] {
  const isAsked = record.unwanted && (record.killed || hasHeard(record));
  return isOver(record) || isAsked ? [] : post(record.spec.id, { type: 'stop' });
}

/** What an agent stops for its lease starts again, unless it is told to stop. */
function hasHeard({ spec, state, endReason }: ProcessRecord): boolean {
  return spec.agent === undefined ? state === 'stopping' : endReason === 'stopped';
}
