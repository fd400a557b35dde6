import type { GroupOptions } from '../config/group-config.js';
import { processSpec } from '../testing/process-specs.js';
import type { ProcessContext, ProcessEffect, ProcessEvent } from './process-decision.js';
import type { ProcessExit } from './process-exit.js';
import { decideProcess } from './process-machine.js';
import { createRecord, type ProcessRecord } from './process-record.js';
import type { ProcessState } from './process-state.js';

export const NOW = 100_000;

/** A process in the middle of its life: spawned at 90 s, ready at 91 s, seen at 99 s. */
export function recordIn(
  state: ProcessState,
  changes: Partial<ProcessRecord> = {},
  options: Partial<GroupOptions> = {},
) {
  const times = { spawnedAt: 90_000, readyAt: 91_000, seenAt: 99_000, silentSince: 99_000 };
  const life = { incarnation: state === 'created' ? 0 : 1, stopAskedAt: 98_000, dueAt: 101_000 };
  const record: ProcessRecord = { ...createRecord(processSpec(options)), ...times, ...life, state };
  return { ...record, ...changes };
}

function context(changes: Partial<ProcessContext> = {}): ProcessContext {
  return { now: NOW, maxProcessTimeout: 3, random: () => 0.5, ...changes };
}

export function decide(record: ProcessRecord, event: ProcessEvent, changes: Partial<ProcessContext> = {}) {
  const [next, effects] = decideProcess(record, event, context(changes));
  return { next, effects: effects.map(told), exit: exitIn(effects) };
}

function told(effect: ProcessEffect): string {
  if (effect.type === 'log') return `log ${effect.level} ${effect.message}`;
  return effect.type === 'publish' ? effect.name : effect.type;
}

function exitIn(effects: readonly ProcessEffect[]): ProcessExit | undefined {
  return effects.flatMap((effect) => (effect.type === 'publish' && 'exit' in effect ? [effect.exit] : []))[0];
}

export function exited(code: number | null, signal: NodeJS.Signals | null = null): ProcessEvent {
  return { type: 'exited', code, signal };
}
