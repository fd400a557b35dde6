import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { group, listProcesses } from '../testing/process-specs.js';
import type { LauncherEvent } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import { createState, nextDeadline, type LauncherState } from './launcher-state.js';

/** `name` depends on `dependsOn`; one process each, ids in their order. */
function fleet(...groups: { name: string; dependsOn?: string[]; options?: Partial<GroupOptions> }[]): LauncherState {
  const all = groups.map(({ name, dependsOn = [], options = {} }) => group({ name, dependsOn, ...options }));
  const limits = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 8 };
  return createState(listProcesses(all), limits);
}

/** Applies an event and returns what was started, stopped or killed. */
function apply(state: LauncherState, event: LauncherEvent, now = 0): string[] {
  return decide(state, event, { now, random: () => 0.5 }).flatMap((effect) => {
    if (effect.type === 'finish') return [`finish ${effect.exitCode}`];
    if (effect.type === 'publish') return [effect.name];
    if (effect.type !== 'process') return [];
    const { type } = effect.effect;
    return type === 'spawn' || type === 'ask-to-stop' || type === 'kill' ? [`${type} ${effect.id}`] : [];
  });
}

function boot(state: LauncherState, id: number): string[] {
  apply(state, { type: 'process', id, event: { type: 'spawned', pid: id } });
  return apply(state, { type: 'process', id, event: { type: 'ready' } });
}

function exit(state: LauncherState, id: number, code = 0): string[] {
  return apply(state, { type: 'process', id, event: { type: 'exited', code, signal: null } });
}

const stateOf = (state: LauncherState, id: number) => state.processes.get(id)!.state;
const CHAIN = [
  { name: 'Store' },
  { name: 'Work', dependsOn: ['Store'] },
  { name: 'Web', dependsOn: ['Work'] },
] as const;
const chain = (options: Partial<GroupOptions> = {}) =>
  fleet(...CHAIN.map((each) => ({ ...each, dependsOn: [...('dependsOn' in each ? each.dependsOn : [])], options })));

/** All of the chain run. */
function runningChain(options: Partial<GroupOptions> = {}): LauncherState {
  const state = chain(options);
  apply(state, { type: 'run' });
  for (const id of [1, 2, 3]) boot(state, id);
  return state;
}

describe('start', () => {
  it('waits for readiness, not only for the start, of what a group depends on', () => {
    const state = chain();
    expect(apply(state, { type: 'run' })).toEqual(['spawn 1']);
    expect(stateOf(state, 2)).toBe('waiting');
    expect(apply(state, { type: 'process', id: 1, event: { type: 'spawned', pid: 1 } })).toEqual(['master_started']);
    expect(apply(state, { type: 'process', id: 1, event: { type: 'ready' } })).toEqual(['spawn 2']);
    expect(boot(state, 2)).toEqual(['spawn 3']);
  });

  it('waits for all processes of the group', () => {
    const state = fleet(
      { name: 'Store', options: { local: { instancesCount: 2 } } },
      { name: 'Work', dependsOn: ['Store'] },
    );
    apply(state, { type: 'run' });
    expect(boot(state, 1)).toEqual([]);
    expect(boot(state, 2)).toEqual(['spawn 3']);
  });

  it('takes a task that has ended well as served', () => {
    const state = chain();
    apply(state, { type: 'run' });
    expect(exit(state, 1)).toEqual(['spawn 2']);
  });

  it('goes on waiting while it is started again', () => {
    const state = chain({ restart: 'on-failure' });
    apply(state, { type: 'run' });
    expect(exit(state, 1, 1)).toEqual([]);
    expect(apply(state, { type: 'tick' })).toEqual(['spawn 1']);
    expect(boot(state, 1)).toEqual(['spawn 2']);
  });

  it('fails, all along the chain, with what has failed for good', () => {
    const state = chain();
    apply(state, { type: 'run' });
    expect(exit(state, 1, 1)).toEqual(['finish 1']);
    expect([1, 2, 3].map((id) => stateOf(state, id))).toEqual(['failed', 'failed', 'failed']);
  });

  it('fails also along a chain that is written down in reverse', () => {
    const state = fleet(
      { name: 'Web', dependsOn: ['Work'] },
      { name: 'Work', dependsOn: ['Store'] },
      { name: 'Store' },
    );
    expect(apply(state, { type: 'run' })).toEqual(['spawn 3']);
    expect(exit(state, 3, 1)).toEqual(['finish 1']);
  });
});

describe('stop', () => {
  it('asks in reverse, each when all that depends on it have ended', () => {
    const state = runningChain();
    expect(apply(state, { type: 'stop' })).toEqual(['ask-to-stop 3']);
    expect(exit(state, 3)).toEqual(['ask-to-stop 2']);
    expect(exit(state, 2)).toEqual(['ask-to-stop 1']);
    expect(exit(state, 1)).toEqual(['finish 0']);
  });

  it('gives each its stop timeout from its own turn', () => {
    const state = runningChain({ timeout: 0, stopTimeout: 5 });
    apply(state, { type: 'stop' }, 1000);
    expect(nextDeadline(state)).toBe(6000);
    expect(apply(state, { type: 'tick' }, 6000)).toEqual(['kill 3']);
    decide(
      state,
      { type: 'process', id: 3, event: { type: 'exited', code: null, signal: 'SIGKILL' } },
      { now: 7000, random: () => 0 },
    );
    expect(nextDeadline(state)).toBe(12_000);
  });

  it('does not bring back what dies before its turn', () => {
    const state = runningChain({ restart: 'always' });
    apply(state, { type: 'stop' });
    expect(exit(state, 1, 1)).toEqual([]);
    expect(stateOf(state, 1)).toBe('stopped');
  });

  it('starts nothing of what still waits', () => {
    const state = chain();
    apply(state, { type: 'run' });
    expect(apply(state, { type: 'stop' })).toEqual(['ask-to-stop 1']);
    expect(exit(state, 1)).toEqual(['finish 0']);
  });

  it('a kill takes all at once', () => {
    const state = runningChain();
    apply(state, { type: 'stop' });
    expect(apply(state, { type: 'kill' })).toEqual(['kill 1', 'kill 2', 'kill 3']);
  });
});
