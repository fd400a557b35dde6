import type { LauncherContext, LauncherEffect, Post } from './launcher-decision.js';
import { log } from './launcher-decision.js';
import { isOver } from '../process/process-record.js';
import { keepMinimum } from './consumer-count.js';
import type { LauncherState } from './launcher-state.js';
import { goOnRecycling, goOnSuspending, stop } from './queue-turns.js';
import { isQueueOver, slots, type QueueState } from './queue-state.js';

/** What follows from what has become of the members of queue groups: a group whose feeder or consumers are over ends. */
export function settleQueues(state: LauncherState, context: LauncherContext, post: Post): LauncherEffect[] {
  if (state.phase !== 'running' && state.phase !== 'stopping') return [];
  return [...state.queues.values()].flatMap((queue) => settleQueue(state, queue, context, post));
}

function settleQueue(state: LauncherState, queue: QueueState, context: LauncherContext, post: Post): LauncherEffect[] {
  if (queue.recycling !== undefined) return goOnRecycling(state, queue, context, post);
  const isSuspended = state.phase === 'running' && state.suspended.has(queue.group) && !queue.closing;
  if (isSuspended) return goOnSuspending(state, queue, post);
  return [
    ...keepMinimum(state, queue, context.now, post),
    ...closeIfDone(state, queue),
    ...goOnClosing(state, queue, post),
  ];
}

function closeIfDone(state: LauncherState, queue: QueueState): LauncherEffect[] {
  if (queue.closing) return [];
  if (isOver(state.processes.get(queue.feeder)!)) {
    queue.closing = true;
    return [];
  }
  // Who is leaving will be a slot.
  const isDeserted = isQueueOver(queue, state.processes) && slots(queue, state.processes).length === 0;
  if (!isDeserted || state.phase !== 'running') return [];
  queue.closing = true;
  return [deserted(state, queue)];
}

function deserted(state: LauncherState, { consumers, group }: QueueState): LauncherEffect {
  const failed = consumers.some((id) => state.processes.get(id)!.state === 'failed');
  return failed
    ? log('error', 'All consumers have failed, stopping the feeder', group)
    : log('log', 'All consumers have ended, stopping the feeder', group);
}

/** First the consumers, then the feeder; in a stop not before what depends on the group. */
function goOnClosing(state: LauncherState, queue: QueueState, post: Post): LauncherEffect[] {
  if (!queue.closing || state.toStop.has(queue.group) || state.toRetire.has(queue.group)) return [];
  const effects = queue.consumers.flatMap((id) => stop(state.processes.get(id)!, post));
  return isQueueOver(queue, state.processes)
    ? [...effects, ...stop(state.processes.get(queue.feeder)!, post)]
    : effects;
}
