/*
 * Who starts when: after what it depends on, and in boot slots. Owner: `launcher-machine.ts`.
 */
import type { GroupConfig } from '../config/group-config.js';
import type { ProcessRecord } from '../process/process-record.js';
import { isOver } from '../process/process-record.js';
import { failedDependency, mayStart } from './group-order.js';
import { log, type LauncherContext, type LauncherEffect } from './launcher-decision.js';
import { BOOT_SLOT_MS, isStarting, SPAWNS_AT_A_TIME, type LauncherState } from './launcher-state.js';
import { isInitial } from './queue-state.js';
import { toEach, toProcess } from './to-process.js';

/** A stop that came before the run has left nothing to start. */
export function startAll(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  const due = [...state.processes.values()].filter((record) => record.state === 'created' && isDue(state, record));
  const ids = due.map(({ spec }) => spec.id);
  for (const { spec } of due) if (mayStart(state, spec.config.name)) state.pending.add(spec.id);
  return begin(state, ids, context);
}

/** Starts what is new, in its turn; what depends on others waits for them, what is suspended for being resumed. */
export function begin(state: LauncherState, ids: readonly number[], context: LauncherContext): LauncherEffect[] {
  const effects: LauncherEffect[][] = [];
  for (const id of ids) {
    const { config } = state.processes.get(id)!.spec;
    if (state.suspended.has(config.name)) effects.push(toProcess(state, id, { type: 'suspend' }, context));
    else if (mayStart(state, config.name)) state.toStart.push(id);
    else effects.push(wait(state, id, config, context));
  }
  return effects.flat();
}

/** Starts, as if it were the first time, what is over or was held back before its first start. */
export function beginAgain(state: LauncherState, ids: readonly number[], context: LauncherContext): LauncherEffect[] {
  return [...toEach(state, ids, { type: 'renew' }, context), ...begin(state, ids, context)];
}

function isDue(state: LauncherState, { spec }: ProcessRecord): boolean {
  return isInitial(state.queues.get(spec.config.name), spec.id);
}

function wait(state: LauncherState, id: number, config: GroupConfig, context: LauncherContext): LauncherEffect[] {
  const effects = state.waiting.has(config.name) ? [] : [waits(config)];
  state.waiting.add(config.name);
  return [...effects, ...toProcess(state, id, { type: 'wait' }, context)];
}

function waits({ name, dependsOn }: GroupConfig): LauncherEffect {
  return log('log', `Group ${name} waits until ready: ${dependsOn.join(', ')}`);
}

/** A first start waits for its boot slot, and any start for the lease. */
export function startWanted(state: LauncherState, id: number, context: LauncherContext): LauncherEffect[] {
  if (state.processes.get(id)?.state !== 'created') {
    const effects = toProcess(state, id, { type: 'start' }, context);
    return state.held ? [...effects, ...toProcess(state, id, { type: 'suspend' }, context)] : effects;
  }
  if (!state.toStart.includes(id)) state.toStart.push(id);
  return [];
}

export function releaseWaiting(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running') return [];
  const effects: LauncherEffect[][] = [];
  for (const name of state.waiting) {
    const { ids } = state.groups.get(name)!;
    const failed = failedDependency(state, name);
    if (failed !== undefined) {
      effects.push(toEach(state, ids, { type: 'dependency-failed', group: failed }, context));
    } else if (mayStart(state, name)) {
      state.toStart = [...state.toStart, ...[...ids].filter((id) => isInitial(state.queues.get(name), id))];
    } else continue;
    state.waiting.delete(name);
  }
  return effects.flat();
}

/**
 * Starts what waits for its start while there are boot slots. Fifty applications that boot at the same time on two
 * processors take a fifth longer than the same four by four: they drive each other out of the caches.
 */
export function startNext(state: LauncherState, context: LauncherContext): LauncherEffect[] {
  if (state.phase !== 'running' || state.held) return [];
  freeSlots(state, context.now);
  const effects: LauncherEffect[] = [];
  const waiting = state.toStart.filter((id) => startOf(state, id) !== undefined);
  const left: number[] = [];
  state.toStart = left;
  for (const id of waiting) {
    if (isRemote(state, id) || (left.length === 0 && takesSlot(state, id, context.now))) {
      effects.push(...toProcess(state, id, { type: startOf(state, id)! }, context));
    } else left.push(id);
  }
  return effects;
}

/** How it starts; undefined: it was stopped, suspended or forgotten while it waited. */
function startOf(state: LauncherState, id: number): 'start' | 'resume' | undefined {
  const record = state.processes.get(id);
  if (record === undefined || isOver(record) || state.suspended.has(record.spec.config.name)) return undefined;
  if (record.state === 'created' || record.state === 'waiting') return 'start';
  return record.state === 'suspended' ? 'resume' : undefined;
}

/** Agents see to the boots of their hosts. */
function isRemote(state: LauncherState, id: number): boolean {
  return state.processes.get(id)!.spec.agent !== undefined;
}

/** A program of its own needs none, for nobody knows when it has booted; but the system has to have started it. */
function takesSlot(state: LauncherState, id: number, now: number): boolean {
  const { spec } = state.processes.get(id)!;
  if (spec.config.console === false) {
    if (state.spawning.size >= SPAWNS_AT_A_TIME) return false;
    state.spawning.add(id);
    return true;
  }
  if (state.booting.size >= state.limits.bootSlots) return false;
  state.booting.set(id, now);
  return true;
}

/**
 * Programs that were started make room for the next ones. With a tick alone: Node tells of a start before it looks at
 * anything else, so that starts which follow from starts would hold up all else.
 */
export function forgetSpawned(state: LauncherState): void {
  for (const id of state.spawning) if (!isStarting(state, id)) state.spawning.delete(id);
}

function freeSlots(state: LauncherState, now: number): void {
  for (const [id, since] of state.booting) {
    if (!isStarting(state, id) || now - since >= BOOT_SLOT_MS) state.booting.delete(id);
  }
}
