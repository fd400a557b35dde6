/*
 * Processes that are started anew, come and go while the launcher runs. The table is in docs/supervision-table.md. Owner:
 * `launcher-machine.ts`.
 */
import { isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { LauncherContext, LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { addMembers, addToQueues } from './launcher-members.js';
import { begin, beginAgain } from './launcher-start.js';
import type { LauncherState } from './launcher-state.js';
import { resumeOthers } from './launcher-suspension.js';
import { joinAsSuccessor, leaveQueue } from './queue-members.js';
import { isInitial, type QueueState } from './queue-state.js';
import { toEach, toProcess } from './to-process.js';

/** When none is left: what was suspended and has not come back is not suspended any more. */
export function countChange(state: LauncherState, begins: boolean): LauncherEffect[] {
  state.changes += begins ? 1 : -1;
  if (state.changes > 0) return [];
  for (const name of state.absent) state.suspended.delete(name);
  state.absent.clear();
  // What is retired still is undone until it is forgotten; the others have come to stay.
  for (const id of state.added) if (!state.retiring.has(id)) state.added.delete(id);
  return [];
}

/** What an agent gets to know starts when it is told to. A master that stops gets to know nothing more. */
export function add(
  state: LauncherState,
  { specs, firstIncarnations }: Omit<Extract<LauncherEvent, { type: 'add' }>, 'type'>,
  context: LauncherContext,
): LauncherEffect[] {
  if (state.mode === 'master' && state.phase !== 'running') return [];
  const added = addMembers(state, specs, firstIncarnations);
  addToQueues(state, specs);
  if (state.mode === 'agent') return added;
  const due = specs.filter(({ id, config }) => isInitial(state.queues.get(config.name), id)).map(({ id }) => id);
  return [...added, ...begin(state, due, context)];
}

export function addSuccessor(
  state: LauncherState,
  of: number,
  spec: ProcessSpec,
  context: LauncherContext,
): LauncherEffect[] {
  if (state.phase !== 'running' || !state.processes.has(of)) return [];
  const added = addMembers(state, [spec]);
  const queue = state.queues.get(spec.config.name);
  if (queue !== undefined) joinAsSuccessor(queue, of, spec);
  return [...added, ...begin(state, [spec.id], context)];
}

/** A group that was suspended goes on with that. */
export function recycle(
  state: LauncherState,
  ids: readonly number[],
  force: boolean,
  context: LauncherContext,
): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  const there = ids.filter((id) => state.processes.has(id) && !state.retiring.has(id));
  const byGroup = Map.groupBy(there, (id) => state.processes.get(id)!.spec.config.name);
  return [...byGroup].flatMap(([name, members]) => [
    ...resumeOthers(state, name, members, context),
    ...recycleGroup(state, state.queues.get(name), members, force, context),
  ]);
}

function recycleGroup(
  state: LauncherState,
  queue: QueueState | undefined,
  ids: readonly number[],
  force: boolean,
  context: LauncherContext,
): LauncherEffect[] {
  if (queue === undefined) return recycleEach(state, ids, force, context);
  const used = ids.filter((id) => isInitial(queue, id) || isEnded(queue, state.processes.get(id)!));
  if (ids.includes(queue.feeder)) queue.closing = false;
  if (!isWhole(state, queue, used)) {
    for (const id of used) if (id !== queue.feeder) queue.wanted.add(id);
    return recycleEach(state, used, force, context);
  }
  queue.recycling = used;
  return force ? toEach(state, used, { type: 'kill' }, context) : [];
}

/** Not a slot that stands by for when there is work. */
function isEnded({ pools }: QueueState, record: ProcessRecord): boolean {
  const isSlot = record.state === 'stopped' && record.unwanted && pools.some(({ ids }) => ids.includes(record.spec.id));
  return isOver(record) && !isSlot;
}

/** All that run. */
function isWhole(state: LauncherState, queue: QueueState, ids: readonly number[]): boolean {
  const asked = new Set(ids);
  const others = queue.consumers.filter((id) => queue.wanted.has(id) && !asked.has(id) && !state.retiring.has(id));
  return asked.has(queue.feeder) && others.length === 0;
}

function recycleEach(
  state: LauncherState,
  ids: readonly number[],
  force: boolean,
  context: LauncherContext,
): LauncherEffect[] {
  const away = ids.filter((id) => isAway(state, id));
  const others = ids.filter((id) => !isAway(state, id));
  return [
    ...toEach(state, others, { type: 'recycle' }, context),
    ...(force ? toEach(state, others, { type: 'force' }, context) : []),
    ...beginAgain(state, away, context),
  ];
}

function isAway({ processes }: LauncherState, id: number): boolean {
  const record = processes.get(id)!;
  return isOver(record) || (record.state === 'suspended' && record.suspended);
}

/** What was asked before and is to be killed now is. */
export function retire(
  state: LauncherState,
  ids: readonly number[],
  force: boolean,
  context: LauncherContext,
): LauncherEffect[] {
  const there = ids.filter((id) => state.processes.has(id));
  const byGroup = Map.groupBy(there, (id) => state.processes.get(id)!.spec.config.name);
  const effects = [...byGroup].flatMap(([name, members]) => retireGroup(state, name, members, context));
  return [...effects, ...(force ? toEach(state, there, { type: 'kill' }, context) : [])];
}

/** Nothing of it starts or fails any more; who is asked when is told by `retireNext`. A feeder does not go alone. */
function retireGroup(
  state: LauncherState,
  name: string,
  asked: readonly number[],
  context: LauncherContext,
): LauncherEffect[] {
  const queue = state.queues.get(name);
  const { ids: all } = state.groups.get(name)!;
  const ids = (queue !== undefined && asked.includes(queue.feeder) ? [...all] : asked).filter(
    (id) => !state.retiring.has(id),
  );
  for (const id of ids) state.retiring.add(id);
  if (queue !== undefined) for (const id of ids) if (id !== queue.feeder) leaveQueue(queue, id);
  const isLast = [...all].every((id) => state.retiring.has(id));
  if (isLast) state.returning.delete(name);
  if (!isLast || state.mode === 'agent') return toEach(state, ids, { type: 'stop' }, context);
  if (ids.length > 0) state.toRetire.add(name);
  state.retired.add(name);
  if (queue !== undefined) queue.recycling = undefined;
  return ids.flatMap((id) => toProcess(state, id, { type: 'unwant' }, context));
}

/** Whether one more of the groups that are retired can be asked: what depended on it is gone. */
export function mayRetireNext(state: LauncherState): boolean {
  return [...state.toRetire].some((name) => mayGo(state, name));
}

/** Asks groups on which nothing depends any more of what is retired as well. */
export function retireNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const next = [...state.toRetire].filter((name) => mayGo(state, name));
  return next.flatMap((name) => {
    state.toRetire.delete(name);
    const queue = state.queues.get(name);
    if (queue === undefined) return toEach(state, state.groups.get(name)!.ids, { type: 'stop' }, context);
    queue.closing = true;
    return [];
  });
}

function mayGo({ groups, retired }: LauncherState, name: string): boolean {
  return !groups.get(name)!.dependents.some((other) => retired.has(other));
}
