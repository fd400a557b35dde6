/*
 * What a launcher does about its queue groups, as decisions without I/O: who is told of whom, when a feeder may start
 * again, and what feeders ask for. Owner: `launcher-machine.ts`. The table is in docs/supervision-table.md.
 */
import type { DemandMessage, QueueSlaveMessage } from '../channel/queue-message.js';
import { log as processLog, type ProcessEvent } from '../process/process-decision.js';
import { isLive, isOver, type ProcessRecord } from '../process/process-record.js';
import { changeConsumers } from './consumer-count.js';
import type { LauncherContext, LauncherEffect, Post, QueueNotice } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { countDemand, endLife } from './queue-counts.js';
import { canHear, overdueAt, queueDeadline, type QueueState } from './queue-state.js';

/** So much of what a feeder says about an item is logged. */
const LONGEST_REASON = 200;

/** Something has become of a process of a queue group. */
export function queueChanged(
  state: LauncherState,
  before: ProcessRecord,
  event: ProcessEvent,
  context: LauncherContext,
): LauncherEffect[] {
  const { id, config, queue: part } = before.spec;
  const queue = state.queues.get(config.name)!;
  const after = state.processes.get(id)!;
  if (isOver(after)) queue.wanted.delete(id);
  return part!.role === 'feeder'
    ? feederChanged(state, queue, before, after, event, context)
    : consumerChanged(state, queue, before, after, event);
}

function feederChanged(
  state: LauncherState,
  queue: QueueState,
  before: ProcessRecord,
  after: ProcessRecord,
  event: ProcessEvent,
  { now }: LauncherContext,
): LauncherEffect[] {
  if (hasEnded(before, after, event)) return feederGone(state, queue, after, now);
  if (hasBecomeReady(queue, before, after, event)) return feederReady(state, queue, after);
  return queue.goneUntold && isOver(after) ? tellGone(state, queue) : [];
}

/** Of one under an agent every exit is reported, that of one that is unreachable at the latest at the fence. */
function hasEnded(before: ProcessRecord, after: ProcessRecord, event: ProcessEvent): boolean {
  if (event.type === 'reported') return event.change.published === 'process_stopped';
  return isLive(before) && !isLive(after);
}

/** One that was out of reach is ready again without any change. */
function hasBecomeReady(
  { ready, lastEnded }: QueueState,
  before: ProcessRecord,
  { state, incarnation }: ProcessRecord,
  { type }: ProcessEvent,
): boolean {
  if (type === 'reported') return state === 'running' && incarnation !== ready && incarnation > lastEnded;
  return type === 'ready' && before.state === 'starting';
}

function feederReady(
  state: LauncherState,
  queue: QueueState,
  { incarnation, adopts }: ProcessRecord,
): LauncherEffect[] {
  Object.assign(queue, { ready: incarnation, adopts, goneUntold: false });
  return listeners(state, queue).map((id) => tell(id, readyNotice(queue, state.processes.get(id)!)));
}

/** What can be adopted stays with its consumers, as long as somebody will adopt it. */
function feederGone(state: LauncherState, queue: QueueState, after: ProcessRecord, now: number): LauncherEffect[] {
  endLife(queue.counts);
  Object.assign(queue.growth, { letGo: 0 });
  queue.lastEnded = after.incarnation;
  return [...endTold(state, queue, after, now), ...clear(state, queue)];
}

function endTold(state: LauncherState, queue: QueueState, after: ProcessRecord, now: number): LauncherEffect[] {
  if (queue.ready === undefined) return queue.goneUntold && isOver(after) ? tellGone(state, queue) : [];
  const untold = queue.adopts && !isOver(after);
  Object.assign(queue, { ready: undefined, gone: queue.ready, goneAt: now, goneUntold: untold });
  return untold ? [] : tellGone(state, queue);
}

function tellGone(state: LauncherState, queue: QueueState): LauncherEffect[] {
  const told = listeners(state, queue);
  Object.assign(queue, { goneUntold: false, waitTold: false, overdueKilled: false });
  for (const id of told) queue.owing.add(id);
  return told.map((id) => tell(id, { type: 'feeder-gone', incarnation: queue.gone }));
}

function consumerChanged(
  state: LauncherState,
  queue: QueueState,
  before: ProcessRecord,
  after: ProcessRecord,
  event: ProcessEvent,
): LauncherEffect[] {
  const { id } = after.spec;
  if (wasSpawned(after, event)) return queue.ready === undefined ? [] : [tell(id, readyNotice(queue, after))];
  if (!hasEnded(before, after, event)) return [];
  const settled = settleDebt(state, queue, id);
  if (before.pid === undefined || !canHear(state.processes.get(queue.feeder)!)) return settled;
  return [...settled, tell(queue.feeder, { type: 'consumer-gone', id, incarnation: before.incarnation })];
}

function wasSpawned(after: ProcessRecord, event: ProcessEvent): boolean {
  const told = event.type === 'spawned' || (event.type === 'reported' && event.change.published === 'process_started');
  return told && canHear(after);
}

/** The last one that owed lets the feeder start. */
function settleDebt(state: LauncherState, queue: QueueState, id: number): LauncherEffect[] {
  if (!queue.owing.delete(id) || queue.owing.size > 0) return [];
  state.touched.add(queue.feeder);
  return clear(state, queue);
}

/** The agent of a feeder waits for this before it starts the next incarnation. */
function clear({ processes }: LauncherState, { feeder, owing }: QueueState): LauncherEffect[] {
  const { spec, incarnation } = processes.get(feeder)!;
  if (spec.agent === undefined || owing.size > 0) return [];
  return [{ type: 'process', id: feeder, effect: { type: 'clear', incarnation } }];
}

/** A process of a queue group has said something. */
export function queueSaid(
  state: LauncherState,
  id: number,
  message: QueueSlaveMessage,
  context: LauncherContext,
  post: Post,
): LauncherEffect[] {
  const queue = state.queues.get(state.processes.get(id)?.spec.config.name ?? '');
  if (queue === undefined) return [];
  switch (message.type) {
    case 'demand':
      if (!canHear(state.processes.get(id)!)) return [];
      return demanded(state, queue, message, context, post);
    case 'leaving':
      return isCurrent(state, queue, message) ? leaving(queue, message.id, post) : [];
    case 'kill-request': {
      const reason = message.reason.slice(0, LONGEST_REASON);
      return isCurrent(state, queue, message) ? post(message.id, { type: 'item-timeout', reason }) : [];
    }
    case 'drained':
      return message.feeder === queue.gone ? settleDebt(state, queue, id) : [];
  }
}

function demanded(
  state: LauncherState,
  queue: QueueState,
  demand: DemandMessage,
  context: LauncherContext,
  post: Post,
): LauncherEffect[] {
  countDemand(queue.counts, demand, context.now);
  return changeConsumers(state, queue, demand, context.now, post);
}

function isCurrent(
  state: LauncherState,
  { consumers }: QueueState,
  { id, incarnation }: { readonly id: number; readonly incarnation: number },
): boolean {
  return consumers.includes(id) && state.processes.get(id)!.incarnation === incarnation;
}

/** The feeder gives it no more items: it can only go. */
function leaving(queue: QueueState, id: number, post: Post): LauncherEffect[] {
  queue.growth.letGo = Math.max(0, queue.growth.letGo - 1);
  queue.wanted.delete(id);
  return post(id, { type: 'stop' });
}

/** Looks after feeders that wait for their consumers. */
export function tickQueues(state: LauncherState, { now }: LauncherContext, post: Post): LauncherEffect[] {
  const due = [...state.queues.values()].filter((queue) => queueDeadline(queue, state.processes) <= now);
  return due.flatMap((queue) => (queue.waitTold ? killOverdue(queue, post) : tellWait(state, queue, now, post)));
}

function tellWait(state: LauncherState, queue: QueueState, now: number, post: Post): LauncherEffect[] {
  queue.waitTold = true;
  const names = [...queue.owing].map((id) => state.processes.get(id)!.spec.origin.display).join(', ');
  const effect = processLog('log', `Waits until its consumers have finished: ${names}`);
  const told: LauncherEffect = { type: 'process', id: queue.feeder, effect };
  return [told, ...(overdueAt(queue) <= now ? killOverdue(queue, post) : [])];
}

/** Nobody but their dead feeder would have timed out their items. */
function killOverdue(queue: QueueState, post: Post): LauncherEffect[] {
  queue.overdueKilled = true;
  const reason = 'Has not finished the items of its dead feeder within item_timeout and abort_grace';
  return [...queue.owing].flatMap((id) => post(id, { type: 'item-timeout', reason }));
}

function listeners(state: LauncherState, { consumers }: QueueState): number[] {
  return consumers.filter((id) => canHear(state.processes.get(id)!));
}

/** Under the same launcher as its feeder, a consumer reaches it by its socket. */
function readyNotice({ feeder, ready }: QueueState, { spec }: ProcessRecord): QueueNotice {
  const address = spec.queue?.feeder;
  return { type: 'feeder-ready', feeder, incarnation: ready!, ...(address && { address }) };
}

function tell(id: number, notice: QueueNotice): LauncherEffect {
  return { type: 'tell', id, notice };
}
