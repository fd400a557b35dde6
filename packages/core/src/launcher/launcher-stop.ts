/*
 * How a launcher ends, and what it does when it takes too long. Owner: `launcher-machine.ts`.
 */
import { isOver } from '../process/process-record.js';
import { mayStop } from './group-order.js';
import { log, type LauncherContext, type LauncherEffect } from './launcher-decision.js';
import { begin } from './launcher-start.js';
import { allOver, exitCodeOf, silenceDeadline, type LauncherState } from './launcher-state.js';
import { isInitial, leastOf } from './queue-state.js';
import { toAll, toEach } from './to-process.js';

export function stop(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle') return toAll(state, { type: 'stop' }, context);
  // Whoever asks for a stop gets one, also while all is stopped to be started again.
  state.cycling = false;
  return state.phase === 'running' ? stopAll(state, context) : [];
}

function stopAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.phase = 'stopping';
  state.stopAskedAt = context.now;
  for (const name of state.groups.keys()) state.toStop.add(name);
  for (const queue of state.queues.values()) queue.recycling = undefined;
  return [log('log', 'Stopping...'), ...toAll(state, { type: 'unwant' }, context)];
}

/** Asks what nothing depends on any more. */
export function stopNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'stopping') return [];
  const effects: LauncherEffect[][] = [];
  for (const name of state.toStop) {
    if (!mayStop(state, name)) continue;
    state.toStop.delete(name);
    const queue = state.queues.get(name);
    if (queue !== undefined) queue.closing = true;
    else effects.push(toEach(state, state.groups.get(name)!.ids, { type: 'stop' }, context));
  }
  return effects.flat();
}

export function kill(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.cycling = false;
  if (state.phase === 'idle') return toAll(state, { type: 'kill' }, context);
  return state.phase === 'ended' ? [] : killAll(state, context);
}

function killAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'killing') state.killedAt = context.now;
  state.phase = 'killing';
  return toAll(state, { type: 'kill' }, context);
}

/** The launcher itself is due. */
export function ownDeadline(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'killing') return abandon(state);
  if (state.phase === 'stopping') {
    return [log('error', 'Timeout waiting for clean shutdown, force kill'), ...killAll(state, context)];
  }
  if (silenceDeadline(state) > context.now) return endRunningTime(state, context);
  state.timedOut = true;
  return [log('error', 'Timeout waiting for content, force kill'), ...killAll(state, context)];
}

function endRunningTime(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (!state.service) return stop(state, context);
  state.cycling = true;
  return [log('log', 'The running time is over: all is stopped and started again'), ...stopAll(state, context)];
}

/** What waits for a broken disk does not even go when it is killed. */
function abandon(state: LauncherState): LauncherEffect[] {
  const left = [...state.processes.values()].filter((record) => !isOver(record));
  const names = left.map(({ spec, pid }) => `${spec.origin.display} (pid ${pid ?? 'unknown'})`).join(', ');
  state.abandoned = true;
  state.phase = 'ended';
  return [log('error', `Killed, but still there, left behind: ${names}`), finish(state)];
}

export function finishIfOver(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle' || state.phase === 'ended' || !allOver(state)) return [];
  if (state.phase === 'running' && mayGoOn(state)) return [];
  if (state.cycling) return startCycle(state, context);
  state.phase = 'ended';
  return [finish(state)];
}

/** Though nothing runs, something may. */
function mayGoOn({ mode, service, suspended, changes, returning, queues }: LauncherState): boolean {
  if (mode === 'agent' || service || suspended.size > 0 || changes > 0 || returning.size > 0) return true;
  return [...queues.values()].some(({ recycling }) => recycling !== undefined);
}

/** As at the start of the run, with the next incarnations. */
function startCycle(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  Object.assign(state, { phase: 'running', cycling: false, startedAt: context.now, silentSince: context.now });
  for (const queue of state.queues.values()) {
    queue.closing = false;
    for (const id of leastOf(queue.consumers, queue.pools)) queue.wanted.add(id);
  }
  // Nobody may take what others still are from the cycle before for what they will be.
  const renewed = toAll(state, { type: 'renew' }, context);
  const due = [...state.processes.values()].filter(({ spec }) =>
    isInitial(state.queues.get(spec.config.name), spec.id),
  );
  const ids = due.map(({ spec }) => spec.id);
  return [...renewed, ...begin(state, ids, context)];
}

function finish(state: LauncherState): LauncherEffect {
  return { type: 'finish', exitCode: exitCodeOf(state) };
}
