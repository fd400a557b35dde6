/*
 * A change that is done task by task (a configuration, a restart, a scaling), as decisions without I/O.
 *
 *   idle --begin--> carrying --carried--> waiting --all that it is about is so far--> the next task ... --> over
 *                      |__refused, a process fails for good, no progress in time__> the same tasks undone, the last first --> over
 *
 * Nothing of it is durable. The table is in docs/reload-table.md. Owner: `change-runner.ts`.
 */
import {
  FLEET_STOPS,
  type ChangeEffect,
  type ChangeEvent,
  type ChangeState,
  type FleetView,
} from './change-decision.js';
import { undoOf, type Task } from './change-tasks.js';
import { hasEnded, Readiness } from './readiness.js';
import { lookAt, type Goal } from './task-progress.js';

export interface TasksResult {
  readonly completed: boolean;
  readonly rolledBack: boolean;
  readonly reason?: string;
}

type Effect = ChangeEffect<TasksResult>;
type Groups = Extract<Task, { type: 'add' }>['groups'];

export interface TasksOptions {
  readonly tasks: readonly Task[];
  /** What is waited for: that processes were started, or that they run (or have done their work). */
  readonly until: 'started' | 'ready';
  /** What fails is undone. */
  readonly rollsBack: boolean;
  /** For the log: `Configuration`. */
  readonly title: string;
}

/** Changed in place, by `decideTasks` alone. */
export interface TasksState extends ChangeState {
  readonly options: TasksOptions;
  phase: 'idle' | 'carrying' | 'waiting' | 'over';
  /** The present one is the first. */
  tasks: readonly Task[];
  /** The last one first. */
  done: readonly Task[];
  /** Why what was done is undone. */
  failure: string | undefined;
  /** What could not be undone. */
  notes: string[];
  /** Ids of the present task's groups before it began. */
  known: ReadonlySet<number>;
  /** Processes that are waited for, with the incarnation that they have to get past. */
  pending: Map<number, number>;
  /** How many of them were not started yet. */
  fresh: number;
  progressAt: number;
  readonly readiness: Readiness;
  dueAt: number;
  watched: number;
}

export function createTasks(options: TasksOptions): TasksState {
  return {
    options,
    phase: 'idle',
    tasks: options.tasks,
    done: [],
    failure: undefined,
    notes: [],
    known: new Set(),
    pending: new Map(),
    fresh: 0,
    progressAt: 0,
    readiness: new Readiness(),
    dueAt: Infinity,
    watched: 0,
  };
}

/** Decides about one event: changes `state` and returns what has to be done. */
export function decideTasks(state: TasksState, event: ChangeEvent, view: FleetView): Effect[] {
  if (state.phase === 'over') return [];
  switch (event.type) {
    case 'begin':
      return enter(state, view);
    case 'carried':
      return state.phase === 'carrying' ? waitForNew(state, view) : [];
    case 'refused':
      return state.phase === 'carrying' ? fail(state, event.reason, view, true) : [];
    case 'settled':
      return state.phase === 'waiting' ? settled(state, view) : [];
    case 'stop':
      return end(state, { completed: false, rolledBack: false, reason: FLEET_STOPS });
    default:
      return [];
  }
}

function enter(state: TasksState, view: FleetView): Effect[] {
  const [task] = state.tasks;
  if (task === undefined) return finish(state);
  switch (task.type) {
    case 'retire': {
      const ids = allOf(task.groups, view);
      const effects: Effect[] = ids.length === 0 ? [] : [{ type: 'retire', ids }];
      return [...effects, ...wait(state, new Map(ids.map((id) => [id, Infinity])), view)];
    }
    case 'recycle': {
      const ids = idsOf(task, view).filter((id) => view.isWanted(id) || hasEnded(view.records.get(id)!));
      if (ids.length === 0) return next(state, view);
      // What was suspended is so until the launcher has decided: it is looked at after that.
      watch(state, new Map(ids.map((id) => [id, view.records.get(id)!.incarnation])), view);
      return [{ type: 'recycle', ids, force: task.force }];
    }
    case 'add':
      return add(state, task.groups, view);
    case 'resize':
      return carry(state, { type: 'resize', group: task.group }, view);
    case 'update':
      return [{ type: 'update', group: task.group }, ...next(state, view)];
  }
}

/** What is undone comes back only when nothing is left of what was stopped: no shard may run twice. */
function add(state: TasksState, groups: Groups, view: FleetView): Effect[] {
  const present = state.failure === undefined ? new Set<string>() : groupsOf(view);
  const [left, free] = [true, false].map((isPresent) => groups.filter(({ name }) => present.has(name) === isPresent));
  for (const { name } of left!) {
    state.notes.push(`group ${name} starts again when all of its processes have ended`);
  }
  return [
    ...(left!.length === 0 ? [] : [{ type: 'put-back', groups: left! } as const]),
    ...(free!.length === 0 ? next(state, view) : carry(state, { type: 'add', groups: free! }, view)),
  ];
}

/** Also those that are retired already: what follows has to wait for them. */
function allOf(groups: Groups, { records }: FleetView): number[] {
  const names = new Set(groups.map(({ name }) => name));
  return [...records.values()].filter(({ spec }) => names.has(spec.config.name)).map(({ spec }) => spec.id);
}

function groupsOf({ records }: FleetView): Set<string> {
  return new Set([...records.values()].map(({ spec }) => spec.config.name));
}

function carry(state: TasksState, effect: Effect, view: FleetView): Effect[] {
  state.phase = 'carrying';
  state.known = new Set(idsOf(state.tasks[0]!, view));
  state.watched = 0;
  state.dueAt = Infinity;
  return [effect];
}

function waitForNew(state: TasksState, view: FleetView): Effect[] {
  const ids = idsOf(state.tasks[0]!, view).filter((id) => !state.known.has(id));
  return wait(state, new Map(ids.map((id) => [id, 0])), view);
}

function wait(state: TasksState, pending: Map<number, number>, view: FleetView): Effect[] {
  watch(state, pending, view);
  return settled(state, view);
}

function watch(state: TasksState, pending: Map<number, number>, view: FleetView): void {
  Object.assign(state, { phase: 'waiting', pending, fresh: Infinity, progressAt: view.now, watched: pending.size });
}

function idsOf(task: Task, view: FleetView): number[] {
  const groups = 'groups' in task ? task.groups : [task.group];
  return groups.flatMap(({ name }) => view.idsOf(name));
}

function settled(state: TasksState, view: FleetView): Effect[] {
  const { pending, readiness } = state;
  const { fresh, limitMs, provenAt, failure, late } = lookAt(pending, goalOf(state), view, readiness);
  if (failure !== undefined) return fail(state, failure, view);
  if (pending.size === 0) return next(state, view);
  if (pending.size < state.watched || fresh < state.fresh) state.progressAt = view.now;
  Object.assign(state, { fresh, watched: pending.size });
  const dueAt = state.progressAt + limitMs;
  if (view.now >= dueAt) return fail(state, late(view.now - state.progressAt), view, goalOf(state) === 'gone');
  state.dueAt = Math.min(dueAt, provenAt);
  return [];
}

function goalOf({ tasks, options }: TasksState): Goal {
  const { type } = tasks[0]!;
  if (type === 'retire') return 'gone';
  return type === 'recycle' ? 'again' : options.until;
}

function next(state: TasksState, view: FleetView): Effect[] {
  const [task, ...rest] = state.tasks;
  state.tasks = rest;
  state.done = [task!, ...state.done];
  return enter(state, view);
}

/** @param mustUndo whatever was asked for: what was to be replaced would be lost */
function fail(state: TasksState, reason: string, view: FleetView, mustUndo = false): Effect[] {
  const { options, failure } = state;
  if (failure !== undefined) {
    state.notes.push(reason);
    return next(state, view);
  }
  const refused: Effect = { type: 'log', level: 'warn', message: `${options.title}: ${reason}` };
  if (!options.rollsBack && !mustUndo) return [refused, ...end(state, { completed: false, rolledBack: false, reason })];
  const undoing: Effect = { type: 'log', level: 'warn', message: `${options.title}: undoing what was done` };
  state.failure = reason;
  state.tasks = [state.tasks[0]!, ...state.done].map(undoOf);
  state.done = [];
  return [refused, undoing, ...enter(state, view)];
}

function finish(state: TasksState): Effect[] {
  const { failure, notes, options } = state;
  if (failure === undefined) {
    const line: Effect = { type: 'log', level: 'log', message: `${options.title}: done` };
    return [line, ...end(state, { completed: true, rolledBack: false })];
  }
  const rolledBack = notes.length === 0;
  const message = rolledBack ? 'all is as it was' : `not all is as it was: ${notes.join('; ')}`;
  const line: Effect = { type: 'log', level: rolledBack ? 'log' : 'error', message: `${options.title}: ${message}` };
  return [line, ...end(state, { completed: false, rolledBack, reason: [failure, ...notes].join('; ') })];
}

function end(state: TasksState, result: TasksResult): Effect[] {
  Object.assign(state, { phase: 'over', dueAt: Infinity, watched: 0 });
  return [{ type: 'end', result }];
}
