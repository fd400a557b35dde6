/*
 * The decisions of a launcher, without I/O: what happened goes in, what has to be done comes out. Owner of the state:
 * the engine, which feeds one event at a time.
 */
import type { GroupConfig } from '../config/group-config.js';
import type { ProcessEvent } from '../process/process-decision.js';
import { decideProcess } from '../process/process-machine.js';
import { isAccountable, isOver, type ProcessRecord } from '../process/process-record.js';
import { decideRemoteProcess } from '../process/remote-process-machine.js';
import { failedDependency, mayStart, mayStop } from './group-order.js';
import { log, type LauncherContext, type LauncherEffect, type LauncherEvent, type Post } from './launcher-decision.js';
import {
  BOOT_SLOT_MS,
  allOver,
  deadlineOf,
  exitCodeOf,
  launcherDeadline,
  silenceDeadline,
  type LauncherState,
} from './launcher-state.js';
import { settleQueues } from './queue-closing.js';
import { queueChanged, queueSaid, tickQueues } from './queue-machine.js';
import { isInitial } from './queue-state.js';
import { recount } from './tally.js';

/** Decides about one event: changes `state` and returns what has to be done. */
export function decide(state: LauncherState, event: LauncherEvent, context: LauncherContext): LauncherEffect[] {
  // Of very many processes these lists are too long to be passed on as arguments.
  const effects = [react(state, event, context)];
  if (state.waiting.size > 0) effects.push(untilSettled(state.waiting, () => releaseWaiting(state, context)));
  if (state.toStart.length > 0) effects.push(startNext(state, context));
  if (state.toStop.size > 0) effects.push(untilSettled(state.toStop, () => stopNext(state, context)));
  if (state.queues.size > 0 && !isSign(event)) effects.push(settleQueues(state, context, postTo(state, context)));
  effects.push(finishIfOver(state));
  return effects.flat();
}

/** The most frequent events: they change nothing for others. */
function isSign(event: LauncherEvent): boolean {
  if (event.type !== 'process') return event.type === 'seen' || event.type === 'load';
  return event.event.type === 'seen' || event.event.type === 'measured';
}

function postTo(state: LauncherState, context: LauncherContext): Post {
  return (id, event) => toProcess(state, id, event, context);
}

/** What becomes of one group may let another go, also one that was looked at before. */
function untilSettled(groups: ReadonlySet<string>, pass: () => LauncherEffect[]): LauncherEffect[] {
  const effects: LauncherEffect[][] = [];
  for (let before = Infinity; groups.size < before;) {
    before = groups.size;
    effects.push(pass());
  }
  return effects.flat();
}

function react(state: LauncherState, event: LauncherEvent, context: LauncherContext): LauncherEffect[] {
  switch (event.type) {
    case 'run':
      return run(state, context);
    case 'process':
      return toProcess(state, event.id, event.event, context);
    case 'seen':
      return toEach(state, event.ids, { type: 'seen' }, context);
    case 'queue':
      return fromQueue(state, event, context);
    case 'host':
      state.hosts.set(event.agent, { ...state.hosts.get(event.agent), reachable: event.reachable });
      return [];
    case 'load':
      state.hosts.set(event.agent, { reachable: true, ...state.hosts.get(event.agent), load: event.load });
      return [];
    case 'clear':
      return clear(state, event.id, event.incarnation);
    case 'start':
      return startWanted(state, event.id, context);
    case 'hold':
      return hold(state, event.force, context);
    case 'release':
      state.held = false;
      return toAll(state, { type: 'resume' }, context);
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
  const effects = state.mode === 'master' ? startAll(state, context) : [];
  return state.pending.size === 0 ? [...effects, { type: 'publish', name: 'master_started' }] : effects;
}

/** A stop that came before the run has left nothing to start. */
function startAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const effects: LauncherEffect[] = [];
  for (const { spec, state: processState } of state.processes.values()) {
    if (processState !== 'created' || !isInitial(state.queues.get(spec.config.name), spec.id)) continue;
    if (mayStart(state, spec.config.name)) {
      state.toStart.push(spec.id);
      state.pending.add(spec.id);
    } else {
      if (!state.waiting.has(spec.config.name)) effects.push(waits(spec.config));
      state.waiting.add(spec.config.name);
      effects.push(...toProcess(state, spec.id, { type: 'wait' }, context));
    }
  }
  return effects;
}

function waits({ name, dependsOn }: GroupConfig): LauncherEffect {
  return log('log', `Group ${name} waits until ready: ${dependsOn.join(', ')}`);
}

/** An agent decides nothing about queue groups. */
function fromQueue(
  state: LauncherState,
  { id, incarnation, message }: Extract<LauncherEvent, { type: 'queue' }>,
  context: LauncherContext,
): LauncherEffect[] {
  if (state.mode === 'agent') return [{ type: 'relay', id, message }];
  const isPresent = incarnation === undefined || state.processes.get(id)?.incarnation === incarnation;
  return isPresent ? queueSaid(state, id, message, context, postTo(state, context)) : [];
}

/** Its feeder may be due. */
function clear(state: LauncherState, id: number, incarnation: number): LauncherEffect[] {
  if (!state.processes.has(id)) return [];
  state.cleared.set(id, Math.max(incarnation, state.cleared.get(id) ?? 0));
  state.touched.add(id);
  return [];
}

/** A first start waits for its boot slot, and any start for the lease. */
function startWanted(state: LauncherState, id: number, context: LauncherContext): LauncherEffect[] {
  if (state.processes.get(id)?.state !== 'created') {
    const effects = toProcess(state, id, { type: 'start' }, context);
    return state.held ? [...effects, ...toProcess(state, id, { type: 'suspend' }, context)] : effects;
  }
  if (!state.toStart.includes(id)) state.toStart.push(id);
  return [];
}

function releaseWaiting(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  const effects: LauncherEffect[][] = [];
  for (const name of state.waiting) {
    const { ids } = state.groups.get(name)!;
    const failed = failedDependency(state, name);
    if (failed !== undefined) {
      effects.push(toEach(state, ids, { type: 'dependency-failed', group: failed }, context));
    } else if (mayStart(state, name)) {
      state.toStart = [...state.toStart, ...ids.filter((id) => isInitial(state.queues.get(name), id))];
    } else continue;
    state.waiting.delete(name);
  }
  return effects.flat();
}

/**
 * Starts what waits for its first start while there are boot slots. Fifty applications that boot at the same time on two
 * processors take a fifth longer than the same four by four: they drive each other out of the caches.
 */
function startNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running' || state.held) return [];
  freeSlots(state, context.now);
  const effects: LauncherEffect[] = [];
  const waiting = state.toStart.filter((id) => isNew(state, id));
  const left: number[] = [];
  state.toStart = left;
  for (const id of waiting) {
    if (isRemote(state, id) || (left.length === 0 && takesSlot(state, id, context.now))) {
      effects.push(...toProcess(state, id, { type: 'start' }, context));
    } else left.push(id);
  }
  return effects;
}

/** Not stopped while it waited. */
function isNew(state: LauncherState, id: number): boolean {
  const record = state.processes.get(id)!;
  return record.state === 'created' || record.state === 'waiting';
}

/** Agents see to the boots of their hosts. */
function isRemote(state: LauncherState, id: number): boolean {
  return state.processes.get(id)!.spec.agent !== undefined;
}

/** A program of its own needs none: nobody knows when it has booted. */
function takesSlot(state: LauncherState, id: number, now: number): boolean {
  const { spec } = state.processes.get(id)!;
  if (spec.config.console === false) return true;
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
  return toEach(state, [...state.processes.keys()], event, context);
}

function toEach(
  state: LauncherState,
  ids: readonly number[],
  event: ProcessEvent,
  context: LauncherContext,
): LauncherEffect[] {
  return ids.flatMap((id) => toProcess(state, id, event, context));
}

function toProcess(state: LauncherState, id: number, event: ProcessEvent, context: LauncherContext): LauncherEffect[] {
  const record = state.processes.get(id);
  if (record === undefined) return [];
  const machine = record.spec.agent === undefined ? decideProcess : decideRemoteProcess;
  const [next, effects] = machine(record, event, { ...context, maxProcessTimeout: state.limits.maxProcessTimeout });
  state.processes.set(id, next);
  recount(state.tallies, record, next);
  state.touched.add(id);
  if (endsSilence(record, next, event)) state.silentSince = context.now;
  const done: LauncherEffect[] = effects.map((effect) => ({ type: 'process', id, effect }));
  if (state.mode === 'master' && record.spec.queue !== undefined && record !== next)
    done.push(...queueChanged(state, record, event, context));
  return isAttempt(event) && state.pending.delete(id) && state.pending.size === 0
    ? [...done, { type: 'publish', name: 'master_started' }]
    : done;
}

/** Its first start was made, or could not be. */
function isAttempt(event: ProcessEvent): boolean {
  if (event.type === 'reported') return event.change.published !== undefined || event.change.state === 'unreachable';
  return event.type === 'spawned' || event.type === 'spawn-failed';
}

/** A sign of life, or a start after a time in which nobody could give one. */
function endsSilence(before: ProcessRecord, after: ProcessRecord, { type }: ProcessEvent): boolean {
  if (!isAccountable(after)) return false;
  return !isAccountable(before) || type === 'seen' || type === 'ready' || type === 'ended' || type === 'reported';
}

function hold(state: LauncherState, force: boolean, context: LauncherContext): LauncherEffect[] {
  state.held = true;
  const begun = [...state.processes.values()].filter((record) => record.state !== 'created');
  const ids = begun.map(({ spec }) => spec.id);
  const effects = toEach(state, ids, { type: 'suspend' }, context);
  return force ? [...effects, ...toEach(state, ids, { type: 'force' }, context)] : effects;
}

function resumeReading(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.readingPaused = false;
  state.silentSince = context.now;
  return toEach(state, state.local, { type: 'reading-resumed' }, context);
}

function stop(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle') return toAll(state, { type: 'stop' }, context);
  if (state.phase !== 'running') return [];
  state.phase = 'stopping';
  state.stopAskedAt = context.now;
  for (const name of state.groups.keys()) state.toStop.add(name);
  return [log('log', 'Stopping...'), ...toAll(state, { type: 'unwant' }, context)];
}

/** Asks what nothing depends on any more. */
function stopNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
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

function kill(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'idle') return toAll(state, { type: 'kill' }, context);
  return state.phase === 'ended' ? [] : killAll(state, context);
}

function killAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'killing') state.killedAt = context.now;
  state.phase = 'killing';
  return toAll(state, { type: 'kill' }, context);
}

function tick(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const own = launcherDeadline(state) <= context.now ? ownDeadline(state, context) : [];
  const processes = state.local.flatMap((id) => processDue(state, state.processes.get(id)!, context));
  return [...own, ...processes, ...tickQueues(state, context, postTo(state, context))];
}

function processDue(state: LauncherState, record: ProcessRecord, context: LauncherContext): LauncherEffect[] {
  if (isOver(record) || deadlineOf(state, record) > context.now) return [];
  return toProcess(state, record.spec.id, { type: 'due' }, context);
}

function ownDeadline(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase === 'killing') return abandon(state);
  if (state.phase === 'stopping') {
    return [log('error', 'Timeout waiting for clean shutdown, force kill'), ...killAll(state, context)];
  }
  if (silenceDeadline(state) > context.now) return stop(state, context);
  state.timedOut = true;
  return [log('error', 'Timeout waiting for content, force kill'), ...killAll(state, context)];
}

/** What waits for a broken disk does not even go when it is killed. */
function abandon(state: LauncherState): LauncherEffect[] {
  const left = [...state.processes.values()].filter((record) => !isOver(record));
  const names = left.map(({ spec, pid }) => `${spec.origin.display} (pid ${pid ?? 'unknown'})`).join(', ');
  state.abandoned = true;
  state.phase = 'ended';
  return [log('error', `Killed, but still there, left behind: ${names}`), finish(state)];
}

function finishIfOver(state: LauncherState): LauncherEffect[] {
  if (state.phase === 'idle' || state.phase === 'ended' || !allOver(state)) return [];
  if (state.phase === 'running' && state.mode === 'agent') return [];
  state.phase = 'ended';
  return [finish(state)];
}

function finish(state: LauncherState): LauncherEffect {
  return { type: 'finish', exitCode: exitCodeOf(state) };
}
