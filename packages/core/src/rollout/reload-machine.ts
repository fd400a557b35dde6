/*
 * A rolling reload, as decisions without I/O.
 *
 *   idle --begin--> batch --all turns are over--> pause --over--> batch ... --nothing is left--> over
 *                     |_____a turn has failed_______|___a process of the batch has ended______> over (stopped)
 *
 * Nothing of it is durable. The table is in docs/reload-table.md. Owner: `change-runner.ts`.
 */
import type { ReloadResult } from '../control/fleet-control.js';
import {
  FLEET_STOPS,
  type ChangeEffect,
  type ChangeEvent,
  type ChangeState,
  type FleetView,
} from './change-decision.js';
import { hasBroken, nameOf, Readiness } from './readiness.js';
import { idsOfStage, stagesOf, titleOf, type Stage } from './reload-stages.js';
import { beginTurn, goOn, type Turn } from './reload-turn.js';

type Effect = ChangeEffect<ReloadResult>;

/** Changed in place, by `decideReload` alone. */
export interface ReloadState extends ChangeState {
  phase: 'idle' | 'batch' | 'pause' | 'over';
  /** One group; undefined: all. */
  readonly only: string | undefined;
  /** The present part is the first. */
  stages: Stage[];
  /** Processes of the present part that are still to be replaced. */
  waiting: number[];
  /** How many of it had their turn. */
  taken: number;
  turns: Turn[];
  replaced: number;
  pausedUntil: number;
  readonly readiness: Readiness;
  dueAt: number;
  watched: number;
}

export function createReload(only?: string): ReloadState {
  return {
    phase: 'idle',
    only,
    stages: [],
    waiting: [],
    taken: 0,
    turns: [],
    replaced: 0,
    pausedUntil: 0,
    readiness: new Readiness(),
    dueAt: Infinity,
    watched: 0,
  };
}

/** Decides about one event: changes `state` and returns what has to be done. */
export function decideReload(state: ReloadState, event: ChangeEvent, view: FleetView): Effect[] {
  if (state.phase === 'over') return [];
  switch (event.type) {
    case 'begin':
      return begin(state, view);
    case 'settled':
      return settled(state, view);
    case 'succeeded':
      state.turns = state.turns.map((turn) => (turn.id === event.of ? { ...turn, successor: event.id } : turn));
      return settled(state, view);
    case 'stop':
      return end(state, view, FLEET_STOPS);
    default:
      return [];
  }
}

function begin(state: ReloadState, view: FleetView): Effect[] {
  state.stages = stagesOf(view, state.only);
  state.waiting = firstOf(state, view);
  const leftOut = view.groups.filter(({ name }) => isAskedFor(state, name) && view.isSuspended(name));
  const told = leftOut.map(({ name }) => log('log', `Reload: group ${name} is suspended and left out`, name));
  return [...told, ...nextBatch(state, view)];
}

function isAskedFor({ only }: ReloadState, name: string): boolean {
  return only === undefined || only === name;
}

function firstOf({ stages: [stage] }: ReloadState, view: FleetView): number[] {
  return stage === undefined ? [] : idsOfStage(view, stage);
}

/** The next processes that are still there, of the next part that has any. */
function nextBatch(state: ReloadState, view: FleetView): Effect[] {
  for (;;) {
    const [stage] = state.stages;
    if (stage === undefined) return end(state, view);
    if (view.isSuspended(stage.group)) return end(state, view, `group ${stage.group} was suspended`);
    // Some may have ended while others had their turn.
    const present = new Set(idsOfStage(view, stage));
    state.waiting = state.waiting.filter((id) => present.has(id));
    if (state.waiting.length > 0) return startBatch(state, stage, view);
    state.stages = state.stages.slice(1);
    state.waiting = firstOf(state, view);
    state.taken = 0;
  }
}

function startBatch(state: ReloadState, stage: Stage, view: FleetView): Effect[] {
  const { batch, order } = stage.reload;
  const ids = state.waiting.slice(0, batch);
  state.waiting = state.waiting.slice(batch);
  state.phase = 'batch';
  state.turns = ids.map((id) => beginTurn(id, order, view));
  state.watched = ids.length;
  const from = state.taken + 1;
  state.taken += ids.length;
  const range = ids.length === 1 ? `${from}` : `${from} to ${state.taken}`;
  const line = log(
    'log',
    `Reloading ${titleOf(stage)}: ${range} of ${state.taken + state.waiting.length}`,
    stage.group,
  );
  lookAgain(state);
  const doing: Effect[] =
    order === 'stop-first' ? [{ type: 'recycle', ids }] : ids.map((of) => ({ type: 'succeed', of }));
  return [line, ...doing];
}

function settled(state: ReloadState, view: FleetView): Effect[] {
  if (state.phase === 'pause') return pausing(state, view);
  if (state.phase !== 'batch') return [];
  const effects = state.turns.flatMap((turn, index) => {
    const next = goOn(turn, view, state.readiness);
    state.turns[index] = next;
    if (turn.phase !== 'over' && next.outcome === 'replaced') state.replaced++;
    return effectsOf(turn, next);
  });
  lookAgain(state);
  return state.turns.every(({ phase }) => phase === 'over') ? [...effects, ...endBatch(state, view)] : effects;
}

/** What a turn has to do when it moves on. */
function effectsOf(before: Turn, after: Turn): Effect[] {
  if (before.phase === after.phase) return [];
  if (after.phase === 'leaving') return [{ type: 'retire', ids: [after.id] }];
  // A successor that has failed is dropped: the old one was not touched.
  const isDropped = before.phase === 'starting' && after.outcome === 'failed' && after.successor !== undefined;
  return isDropped ? [{ type: 'retire', ids: [after.successor!] }] : [];
}

function endBatch(state: ReloadState, view: FleetView): Effect[] {
  const failure = state.turns.find(({ outcome }) => outcome === 'failed');
  if (failure !== undefined) return end(state, view, failure.reason);
  const { reload } = state.stages[0]!;
  if (state.waiting.length === 0 || reload.pause === 0) return nextBatch(state, view);
  state.phase = 'pause';
  state.pausedUntil = view.now + reload.pause * 1000;
  state.dueAt = state.pausedUntil;
  return [];
}

/** What comes up and breaks down soon after must not take the others with it. */
function pausing(state: ReloadState, view: FleetView): Effect[] {
  const broken = state.turns.flatMap((turn) => {
    const record = view.records.get(turn.successor ?? turn.id);
    return record !== undefined && view.isWanted(record.spec.id) && hasBroken(record) ? [record] : [];
  });
  if (broken.length > 0) return end(state, view, `${nameOf(broken[0]!)} has ended soon after it was running`);
  return view.now < state.pausedUntil ? [] : nextBatch(state, view);
}

function lookAgain(state: ReloadState): void {
  state.dueAt = Math.min(...state.turns.map(({ dueAt }) => dueAt));
}

function end(state: ReloadState, view: FleetView, reason?: string): Effect[] {
  const left = reason === undefined ? 0 : leftOf(state, view);
  state.phase = 'over';
  state.dueAt = Infinity;
  const { replaced } = state;
  const completed = reason === undefined;
  const line = completed ? log('log', `Reloaded ${processes(replaced)}`) : log('warn', stopped(reason, replaced, left));
  return [line, { type: 'end', result: { completed, replaced, left, ...(!completed && { reason }) } }];
}

/** What has failed in the batch, and all that was not reached. */
function leftOf({ turns, phase, waiting, stages }: ReloadState, view: FleetView): number {
  const isRunning = phase === 'batch';
  const inBatch = isRunning ? turns.filter(({ outcome }) => outcome !== 'replaced' && outcome !== 'gone').length : 0;
  const later = stages.slice(1).map((stage) => idsOfStage(view, stage).length);
  return later.reduce((sum, count) => sum + count, inBatch + waiting.length);
}

function stopped(reason: string, replaced: number, left: number): string {
  return `Reload stopped: ${reason}. Replaced ${processes(replaced)}, ${left} left as they were`;
}

function processes(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`;
}

function log(level: 'log' | 'warn', message: string, group?: string): Effect {
  return { type: 'log', level, message, ...(group !== undefined && { group }) };
}
