import type { ProcessEvent } from '../process/process-decision.js';
import { decideProcess } from '../process/process-machine.js';
import { isAccountable, isOver, type ProcessRecord } from '../process/process-record.js';
import { decideRemoteProcess } from '../process/remote-process-machine.js';
import type { LauncherContext, LauncherEffect, Post } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { queueChanged } from './queue-machine.js';
import { recount } from './tally.js';

/** Passes an event to a process, and sees to what follows from it for the launcher. */
export function toProcess(
  state: LauncherState,
  id: number,
  event: ProcessEvent,
  context: LauncherContext,
): LauncherEffect[] {
  const record = state.processes.get(id);
  if (record === undefined) return [];
  const machine = record.spec.agent === undefined ? decideProcess : decideRemoteProcess;
  const [next, effects] = machine(record, event, { ...context, maxProcessTimeout: state.limits.maxProcessTimeout });
  state.processes.set(id, next);
  recount(state.tallies, record, next);
  state.touched.add(id);
  if (endsSilence(record, next, event)) state.silentSince = context.now;
  if (isOver(next) && state.retiring.has(id)) state.leaving.add(id);
  const done: LauncherEffect[] = effects.map((effect) => ({ type: 'process', id, effect }));
  if (state.mode === 'master' && record.spec.queue !== undefined && record !== next)
    done.push(...queueChanged(state, record, event, context));
  return isTried(state, next, event) && state.pending.delete(id) && state.pending.size === 0
    ? [...done, { type: 'publish', name: 'master_started' }]
    : done;
}

export function toEach(
  state: LauncherState,
  ids: Iterable<number>,
  event: ProcessEvent,
  context: LauncherContext,
): LauncherEffect[] {
  return [...ids].flatMap((id) => toProcess(state, id, event, context));
}

export function toAll(state: LauncherState, event: ProcessEvent, context: LauncherContext): LauncherEffect[] {
  return toEach(state, state.processes.keys(), event, context);
}

export function postTo(state: LauncherState, context: LauncherContext): Post {
  return (id, event) => toProcess(state, id, event, context);
}

/** Its first start was made, or could not be, or is not wanted for now. */
function isTried({ phase, retiring }: LauncherState, record: ProcessRecord, event: ProcessEvent): boolean {
  if (event.type === 'reported') return event.change.published !== undefined || event.change.state === 'unreachable';
  if (event.type === 'spawned' || event.type === 'spawn-failed') return true;
  const isRetired = isOver(record) && retiring.has(record.spec.id);
  return phase === 'running' && (isRetired || record.state === 'suspended');
}

/** A sign of life, or a start after a time in which nobody could give one. */
function endsSilence(before: ProcessRecord, after: ProcessRecord, { type }: ProcessEvent): boolean {
  if (!isAccountable(after)) return false;
  return !isAccountable(before) || type === 'seen' || type === 'ready' || type === 'ended' || type === 'reported';
}
