/*
 * Which processes a launcher has: all its structures change together. Owner: `launcher-changes.ts`.
 */
import { createRecord, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { addToOrder, removeFromOrder } from './group-order.js';
import type { LauncherEffect } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { createQueues, type QueueState } from './queue-state.js';
import { forgetConsumer, joinQueue } from './queue-members.js';
import { addTally, uncount } from './tally.js';

/** They are created; nothing starts for that. */
export function addMembers(
  state: LauncherState,
  specs: readonly ProcessSpec[],
  firstIncarnations?: ReadonlyMap<number, number>,
): LauncherEffect[] {
  for (const spec of specs) {
    state.processes.set(spec.id, createRecord(spec, firstIncarnations?.get(spec.id)));
    if (spec.agent === undefined) state.local.add(spec.id);
    addTally(state.tallies, spec.config.name);
    if (state.changes > 0) state.added.add(spec.id);
    state.absent.delete(spec.config.name);
  }
  addToOrder(state.groups, specs);
  return [{ type: 'added', specs }];
}

/** The queue groups among them are known as well. */
export function addToQueues(state: LauncherState, specs: readonly ProcessSpec[]): void {
  if (state.mode === 'agent') return;
  const isThere = (spec: ProcessSpec): boolean => state.queues.has(spec.config.name);
  const [present, others] = [specs.filter(isThere), specs.filter((spec) => !isThere(spec))];
  for (const [name, queue] of createQueues(others)) state.queues.set(name, queue);
  for (const spec of present) joinQueue(state.queues.get(spec.config.name)!, spec);
}

/** Forgets what was retired and is over; a feeder after its consumers, since what is decided about them asks for it. */
export function forgetRetired(state: LauncherState): LauncherEffect[] {
  const effects = [...state.leaving].filter((id) => !isFeeder(state, id)).map((id) => forget(state, id));
  for (const id of state.leaving) {
    if (queueOf(state, id)?.consumers.length === 0) effects.push(forget(state, id));
  }
  return effects;
}

function isFeeder(state: LauncherState, id: number): boolean {
  return queueOf(state, id)?.feeder === id;
}

function queueOf(state: LauncherState, id: number): QueueState | undefined {
  return state.queues.get(state.processes.get(id)!.spec.config.name);
}

function forget(state: LauncherState, id: number): LauncherEffect {
  const record = state.processes.get(id)!;
  const queue = queueOf(state, id);
  if (queue !== undefined && queue.feeder !== id) forgetConsumer(queue, id);
  if (record.state === 'failed' && !state.added.has(id)) state.hadFailed = true;
  state.forgotten.set(id, record);
  state.processes.delete(id);
  uncount(state.tallies, record);
  for (const ids of [state.local, state.pending, state.touched, state.retiring, state.leaving, state.added]) {
    ids.delete(id);
  }
  state.booting.delete(id);
  state.spawning.delete(id);
  state.cleared.delete(id);
  removeFromOrder(state.groups, record.spec);
  forgetGroup(state, record);
  return { type: 'forget', id };
}

function forgetGroup(state: LauncherState, { spec }: ProcessRecord): void {
  const { name } = spec.config;
  if (state.groups.has(name)) return;
  state.tallies.groups.delete(name);
  state.queues.delete(name);
  for (const names of [state.waiting, state.toStop, state.retired, state.toRetire]) names.delete(name);
  // What is about to replace it is suspended as well.
  if (state.changes > 0) state.absent.add(name);
  else if (!state.returning.has(name)) state.suspended.delete(name);
}
