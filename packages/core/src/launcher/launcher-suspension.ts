/*
 * Groups that are suspended and resumed, and an agent's processes while its lease is in doubt. The table is in
 * docs/supervision-table.md. Owner: `launcher-machine.ts`.
 */
import type { ProcessRecord } from '../process/process-record.js';
import { log, type LauncherContext, type LauncherEffect } from './launcher-decision.js';
import { beginAgain } from './launcher-start.js';
import type { LauncherState } from './launcher-state.js';
import { isInitial } from './queue-state.js';
import { toAll, toEach, toProcess } from './to-process.js';

/** Of a queue group the consumers are asked before the feeder, see `queue-turns.ts`; killed they are together. */
export function suspend(
  state: LauncherState,
  names: readonly string[],
  force: boolean,
  context: LauncherContext,
): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  const known = names.filter((name) => state.groups.has(name) || state.absent.has(name));
  return known.flatMap((name) => suspendGroup(state, name, force, context));
}

function suspendGroup(state: LauncherState, name: string, force: boolean, context: LauncherContext): LauncherEffect[] {
  const ids = usedOf(state, name);
  const told = state.suspended.has(name) ? [] : [log('log', 'Suspending...', name)];
  state.suspended.add(name);
  state.waiting.delete(name);
  const asked = state.queues.has(name) && !force ? [] : toEach(state, ids, { type: 'suspend' }, context);
  // Also what leaves for good.
  const all = force ? idsOf(state, name) : [];
  return [...told, ...asked, ...toEach(state, all, { type: 'force' }, context)];
}

/** Not those that stand by for when there is work. */
function usedOf(state: LauncherState, name: string): number[] {
  const queue = state.queues.get(name);
  return idsOf(state, name).filter((id) => isInitial(queue, id) && !state.retiring.has(id));
}

/** Of one that is being replaced, and is not there for now, there are none. */
function idsOf({ groups }: LauncherState, name: string): number[] {
  return [...(groups.get(name)?.ids ?? [])];
}

export function resume(state: LauncherState, names: readonly string[], context: LauncherContext): LauncherEffect[] {
  return state.phase === 'running' ? names.flatMap((name) => resumeOthers(state, name, [], context)) : [];
}

/** Resumes a group but for these of its processes, of which something else is wanted. */
export function resumeOthers(
  state: LauncherState,
  name: string,
  ids: readonly number[],
  context: LauncherContext,
): LauncherEffect[] {
  if (!state.suspended.delete(name)) return [];
  const excepted = new Set(ids);
  const others = idsOf(state, name).filter((id) => !excepted.has(id));
  return [log('log', 'Resuming...', name), ...others.flatMap((id) => resumeProcess(state, id, context))];
}

/** What stops still starts again when it has stopped; the others start in boot slots. */
function resumeProcess(state: LauncherState, id: number, context: LauncherContext): LauncherEffect[] {
  const record = state.processes.get(id)!;
  if (record.state !== 'suspended') {
    return record.suspended ? toProcess(state, id, { type: 'resume' }, context) : [];
  }
  if (hasBegun(record)) {
    state.toStart.push(id);
    return [];
  }
  return beginAgain(state, [id], context);
}

function hasBegun({ incarnation }: ProcessRecord): boolean {
  return incarnation > 0;
}

/** Of an agent: nothing is started, and what was begun stops or is killed. */
export function hold(state: LauncherState, force: boolean, context: LauncherContext): LauncherEffect[] {
  state.held = true;
  const begun = [...state.processes.values()].filter((record) => record.state !== 'created');
  const ids = begun.map(({ spec }) => spec.id);
  const effects = toEach(state, ids, { type: 'suspend' }, context);
  return force ? [...effects, ...toEach(state, ids, { type: 'force' }, context)] : effects;
}

export function release(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.held = false;
  return toAll(state, { type: 'resume' }, context);
}
