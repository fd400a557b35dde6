/*
 * Groups that a change was to replace, and of which something did not end in time. Owner: `launcher-machine.ts`.
 */
import type { ProcessSpec } from '../process/process-spec.js';
import { add } from './launcher-changes.js';
import { log, type LauncherContext, type LauncherEffect } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';

/** See `putBackGone`. */
export function putBack(state: LauncherState, specs: readonly ProcessSpec[]): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  for (const [name, members] of Map.groupBy(specs, ({ config }) => config.name)) state.returning.set(name, members);
  return [];
}

/** Puts back those groups of which nothing is left. Before that a shard would run twice. */
export function putBackGone(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  const due = [...state.returning].filter(([name]) => !state.groups.has(name));
  return due.flatMap(([name, specs]) => {
    state.returning.delete(name);
    return [log('log', 'All of it has ended: starting it again as it was', name), ...add(state, { specs }, context)];
  });
}
