/*
 * The decisions of a launcher, without I/O: what happened goes in, what has to be done comes out. Owner of the state:
 * the engine, which feeds one event at a time.
 */
import type { LogLevel } from '../logger/logger.js';
import { decideProcess, type ProcessEffect, type ProcessEvent } from '../process/process-machine.js';
import { isAccountable, isOver, type ProcessRecord } from '../process/process-record.js';
import {
  BOOT_SLOT_MS,
  allOver,
  deadlineOf,
  exitCodeOf,
  launcherDeadline,
  silenceDeadline,
  type LauncherState,
} from './launcher-state.js';

/** What happens to a launcher or to one of its processes. */
export type LauncherEvent =
  | { readonly type: 'run' }
  | { readonly type: 'process'; readonly id: number; readonly event: ProcessEvent }
  | { readonly type: 'reading-paused' }
  | { readonly type: 'reading-resumed' }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }
  | { readonly type: 'tick' };

/** What has to be done, in this order. */
export type LauncherEffect =
  | { readonly type: 'process'; readonly id: number; readonly effect: ProcessEffect }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly type: 'publish'; readonly name: 'master_started' }
  | { readonly type: 'finish'; readonly exitCode: number };

/** What decisions need besides the state and the event. */
export interface LauncherContext {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** Decides about one event: changes `state` and returns what has to be done. */
export function decide(state: LauncherState, event: LauncherEvent, context: LauncherContext): LauncherEffect[] {
  const effects = react(state, event, context);
  return [...effects, ...startNext(state, context), ...finishIfOver(state)];
}

function react(state: LauncherState, event: LauncherEvent, context: LauncherContext): LauncherEffect[] {
  switch (event.type) {
    case 'run':
      return run(state, context);
    case 'process':
      return toProcess(state, event.id, event.event, context);
    case 'reading-paused':
      state.readingPaused = true;
      return [];
    case 'reading-resumed':
      return resumeReading(state, context);
    case 'stop':
      return stop(state, context);
    case 'kill':
      return kill(state, context);
    case 'tick':
      return tick(state, context);
  }
}

function run(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'idle') return [];
  state.phase = 'running';
  state.startedAt = context.now;
  state.silentSince = context.now;
  state.toStart = [...state.processes.values()].filter(isNew).map(({ spec }) => spec.id);
  return state.pendingStarts === 0 ? [{ type: 'publish', name: 'master_started' }] : [];
}

/** A stop that came before the run has left nothing to start. */
function isNew(record: ProcessRecord): boolean {
  return record.state === 'created';
}

/**
 * Starts what waits for its first start while there are boot slots. Fifty applications that boot at the same time on two
 * processors take a fifth longer than the same four by four: they drive each other out of the caches.
 */
function startNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running' || state.toStart.length === 0) return [];
  freeSlots(state, context.now);
  const effects: LauncherEffect[] = [];
  for (let id = state.toStart[0]; id !== undefined && takesSlot(state, id, context.now); id = state.toStart[0]) {
    state.toStart.shift();
    effects.push(...toProcess(state, id, { type: 'start' }, context));
  }
  return effects;
}

/** A program of its own needs none: nobody knows when it has booted. */
function takesSlot(state: LauncherState, id: number, now: number): boolean {
  if (state.processes.get(id)!.spec.config.console === false) return true;
  if (state.booting.size >= state.limits.bootSlots) return false;
  state.booting.set(id, now);
  return true;
}

function freeSlots(state: LauncherState, now: number): void {
  for (const [id, since] of state.booting) {
    const booting = state.processes.get(id)!.state === 'starting';
    if (!booting || now - since >= BOOT_SLOT_MS) state.booting.delete(id);
  }
}

function toAll(state: LauncherState, event: ProcessEvent, context: LauncherContext): LauncherEffect[] {
  return [...state.processes.keys()].flatMap((id) => toProcess(state, id, event, context));
}

function toProcess(state: LauncherState, id: number, event: ProcessEvent, context: LauncherContext): LauncherEffect[] {
  const record = state.processes.get(id);
  if (record === undefined) return [];
  const [next, effects] = decideProcess(record, event, {
    ...context,
    maxProcessTimeout: state.limits.maxProcessTimeout,
  });
  state.processes.set(id, next);
  if (isSign(event) && isAccountable(next)) state.silentSince = context.now;
  const done: LauncherEffect[] = effects.map((effect) => ({ type: 'process', id, effect }));
  return isFirstAttempt(next, event) && --state.pendingStarts === 0
    ? [...done, { type: 'publish', name: 'master_started' }]
    : done;
}

function isFirstAttempt(record: ProcessRecord, event: ProcessEvent): boolean {
  return record.incarnation === 1 && (event.type === 'spawned' || event.type === 'spawn-failed');
}

function isSign(event: ProcessEvent): boolean {
  return event.type === 'seen' || event.type === 'ready' || event.type === 'ended';
}

function resumeReading(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.readingPaused = false;
  state.silentSince = context.now;
  return toAll(state, { type: 'reading-resumed' }, context);
}

function stop(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle') return toAll(state, { type: 'stop' }, context);
  if (state.phase !== 'running') return [];
  state.phase = 'stopping';
  state.stopAskedAt = context.now;
  return [log('log', 'Stopping...'), ...toAll(state, { type: 'stop' }, context)];
}

function kill(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle') return toAll(state, { type: 'kill' }, context);
  return state.phase === 'ended' ? [] : killAll(state, context);
}

function killAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.phase = 'killing';
  return toAll(state, { type: 'kill' }, context);
}

function tick(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const own = launcherDeadline(state) <= context.now ? ownDeadline(state, context) : [];
  return [...own, ...[...state.processes.values()].flatMap((record) => processDue(state, record, context))];
}

function processDue(state: LauncherState, record: ProcessRecord, context: LauncherContext): LauncherEffect[] {
  if (isOver(record) || deadlineOf(state, record) > context.now) return [];
  return toProcess(state, record.spec.id, { type: 'due' }, context);
}

function ownDeadline(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'stopping') {
    return [log('error', 'Timeout waiting for clean shutdown, force kill'), ...killAll(state, context)];
  }
  if (silenceDeadline(state) > context.now) return stop(state, context);
  state.timedOut = true;
  return [log('error', 'Timeout waiting for content, force kill'), ...killAll(state, context)];
}

function finishIfOver(state: LauncherState): LauncherEffect[] {
  if (state.phase === 'idle' || state.phase === 'ended' || !allOver(state)) return [];
  state.phase = 'ended';
  return [{ type: 'finish', exitCode: exitCodeOf(state) }];
}

function log(level: LogLevel, message: string): LauncherEffect {
  return { type: 'log', level, message };
}
