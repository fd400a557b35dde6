/*
 * The decisions of a launcher, without I/O: what happened goes in, what has to be done comes out. Owner of the state:
 * the engine, which feeds one event at a time.
 */
import { isOver, type ProcessRecord } from '../process/process-record.js';
import { add, addSuccessor, countChange, mayRetireNext, recycle, retire, retireNext } from './launcher-changes.js';
import type { LauncherContext, LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { forgetRetired } from './launcher-members.js';
import { putBack, putBackGone } from './launcher-put-back.js';
import { forgetSpawned, releaseWaiting, startAll, startNext, startWanted } from './launcher-start.js';
import { deadlineOf, launcherDeadline, SPAWNS_AT_A_TIME, type LauncherState } from './launcher-state.js';
import { finishIfOver, kill, ownDeadline, stop, stopNext } from './launcher-stop.js';
import { hold, release, resume, suspend } from './launcher-suspension.js';
import { setBounds } from './queue-members.js';
import { settleQueues } from './queue-closing.js';
import { queueSaid, tickQueues } from './queue-machine.js';
import { postTo, toEach, toProcess } from './to-process.js';

/** Decides about one event: changes `state` and returns what has to be done. */
export function decide(state: LauncherState, event: LauncherEvent, context: LauncherContext): LauncherEffect[] {
  // Of very many processes these lists are too long to be passed on as arguments.
  const effects = [react(state, event, context)];
  if (state.waiting.size > 0) effects.push(untilSettled(state.waiting, () => releaseWaiting(state, context)));
  // What is to start because of what is decided below does so with the next event: its end is told before.
  if (state.toStart.length > 0) effects.push(startNext(state, context));
  if (state.toStop.size > 0) effects.push(untilSettled(state.toStop, () => stopNext(state, context)));
  do {
    if (state.toRetire.size > 0) effects.push(retireNext(state, context));
    if (state.queues.size > 0 && !isSign(event)) effects.push(settleQueues(state, context, postTo(state, context)));
    if (state.leaving.size > 0) effects.push(forgetRetired(state));
  } while (state.toRetire.size > 0 && mayRetireNext(state));
  effects.push(finishIfOver(state, context));
  if (state.returning.size > 0) effects.push(putBackGone(state, context));
  return effects.flat();
}

/** The most frequent events: they change nothing for others. */
function isSign(event: LauncherEvent): boolean {
  if (event.type !== 'process') return event.type === 'seen' || event.type === 'load';
  return event.event.type === 'seen' || event.event.type === 'measured';
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
      return release(state, context);
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
    default:
      return change(state, event, context);
  }
}

/** What an operator wants. */
function change(
  state: LauncherState,
  event: Extract<
    LauncherEvent,
    { type: 'suspend' | 'resume' | 'recycle' | 'add' | 'put-back' | 'successor' | 'retire' | 'bounds' | 'change' }
  >,
  context: LauncherContext,
): LauncherEffect[] {
  switch (event.type) {
    case 'suspend':
      return suspend(state, event.groups, event.force, context);
    case 'resume':
      return resume(state, event.groups, context);
    case 'recycle':
      return recycle(state, event.ids, event.force, context);
    case 'add':
      return add(state, event, context);
    case 'put-back':
      return putBack(state, event.specs);
    case 'successor':
      return addSuccessor(state, event.of, event.spec, context);
    case 'retire':
      return retire(state, event.ids, event.force, context);
    case 'bounds':
      setBounds(state.queues, event.specs);
      return [];
    case 'change':
      return countChange(state, event.begins);
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

function resumeReading(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  state.readingPaused = false;
  state.silentSince = context.now;
  return toEach(state, state.local, { type: 'reading-resumed' }, context);
}

function tick(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const own = launcherDeadline(state) <= context.now ? ownDeadline(state, context) : [];
  forgetSpawned(state);
  let starts = 0;
  const processes = [...state.local].flatMap((id) => {
    const record = state.processes.get(id)!;
    const isLate = record.state === 'backoff' && starts >= SPAWNS_AT_A_TIME;
    const effects = isLate ? [] : processDue(state, record, context);
    // The others have their turn with the next tick.
    if (record.state === 'backoff' && effects.length > 0) starts++;
    return effects;
  });
  return [...own, ...processes, ...tickQueues(state, context, postTo(state, context))];
}

function processDue(state: LauncherState, record: ProcessRecord, context: LauncherContext): LauncherEffect[] {
  if (isOver(record) || deadlineOf(state, record) > context.now) return [];
  return toProcess(state, record.spec.id, { type: 'due' }, context);
}
