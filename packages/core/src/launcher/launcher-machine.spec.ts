import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { ProcessEvent } from '../process/process-decision.js';
import { group, listProcesses } from '../testing/process-specs.js';
import type { LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import { createState, nextDeadline, type LauncherLimits, type LauncherState } from './launcher-state.js';

const NO_LIMITS: LauncherLimits = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 8 };

function twoProcesses(limits: Partial<LauncherLimits> = {}, options: Partial<GroupOptions> = {}): LauncherState {
  const groups = [group({ local: { instancesCount: 2 }, ...options })];
  return createState(listProcesses(groups), { ...NO_LIMITS, ...limits });
}

function apply(state: LauncherState, event: LauncherEvent, now = 0): string[] {
  return decide(state, event, { now, random: () => 0.5 }).map(told);
}

function told(effect: LauncherEffect): string {
  switch (effect.type) {
    case 'process': {
      const { effect: inner, id } = effect;
      if (inner.type === 'publish') return `${inner.name} ${id}`;
      return inner.type === 'log' ? `log ${id} ${inner.message}` : `${inner.type} ${id}`;
    }
    case 'log':
      return `log ${effect.message}`;
    case 'publish':
      return effect.name;
    case 'tell':
      return `${effect.notice.type} ${effect.id}`;
    case 'relay':
      return `relay ${effect.message.type}`;
    case 'added':
      return `added ${effect.specs.map(({ id }) => id).join()}`;
    case 'forget':
      return `forget ${effect.id}`;
    case 'finish':
      return `finish ${effect.exitCode}`;
  }
}

function toProcess(state: LauncherState, id: number, event: ProcessEvent, now = 0): string[] {
  return apply(state, { type: 'process', id, event }, now);
}

/** Both processes run since `now`. */
function running(limits: Partial<LauncherLimits> = {}, options: Partial<GroupOptions> = {}, now = 0): LauncherState {
  const state = twoProcesses(limits, options);
  apply(state, { type: 'run' }, now);
  for (const id of [1, 2]) {
    toProcess(state, id, { type: 'spawned', pid: id }, now);
    toProcess(state, id, { type: 'ready' }, now);
  }
  return state;
}

const EXITED: ProcessEvent = { type: 'exited', code: 0, signal: null };
const KILLED: ProcessEvent = { type: 'exited', code: null, signal: 'SIGKILL' };

describe('run', () => {
  it('starts all processes in the order of their ids', () => {
    expect(apply(twoProcesses(), { type: 'run' })).toEqual(['spawn 1', 'spawn 2']);
  });

  it('tells master_started once, after the last first attempt, also when that fails', () => {
    const state = twoProcesses({}, { restart: 'on-failure' });
    apply(state, { type: 'run' });
    expect(toProcess(state, 2, { type: 'spawned', pid: 2 })).toEqual(['process_started 2']);
    expect(toProcess(state, 1, { type: 'spawn-failed', error: 'ENOENT' }).at(-1)).toBe('master_started');
    apply(state, { type: 'tick' });
    expect(toProcess(state, 1, { type: 'spawned', pid: 1 })).toEqual(['process_started 1']);
  });

  it('boots no more processes at a time than there are slots', () => {
    const state = twoProcesses({ bootSlots: 1 });
    expect(apply(state, { type: 'run' })).toEqual(['spawn 1']);
    expect(toProcess(state, 1, { type: 'spawned', pid: 1 })).toEqual(['process_started 1']);
    expect(toProcess(state, 1, { type: 'ready' })).toEqual(['spawn 2']);
    expect(toProcess(state, 2, { type: 'spawned', pid: 2 })).toEqual(['process_started 2', 'master_started']);
  });

  it('waits no longer than 2 s for a slot', () => {
    const state = twoProcesses({ bootSlots: 1 });
    apply(state, { type: 'run' });
    toProcess(state, 1, { type: 'spawned', pid: 1 });
    expect(nextDeadline(state)).toBe(2000);
    expect(apply(state, { type: 'tick' }, 1999)).toEqual([]);
    expect(apply(state, { type: 'tick' }, 2000)).toEqual(['spawn 2']);
  });

  it('frees the slot of what cannot be started, and starts nothing more once a stop is asked for', () => {
    const state = twoProcesses({ bootSlots: 1 });
    apply(state, { type: 'run' });
    expect(toProcess(state, 1, { type: 'spawn-failed', error: 'ENOENT' }).at(-1)).toBe('spawn 2');
    const stopped = twoProcesses({ bootSlots: 1 });
    apply(stopped, { type: 'run' });
    apply(stopped, { type: 'stop' });
    expect(toProcess(stopped, 1, EXITED)).toContain('finish 0');
  });

  it('needs no slot for a program of its own', () => {
    const state = twoProcesses({ bootSlots: 1 }, { console: false });
    expect(apply(state, { type: 'run' })).toEqual(['spawn 1', 'spawn 2']);
  });

  it('without any group it is over at once', () => {
    const state = createState([], NO_LIMITS);
    expect(apply(state, { type: 'run' })).toEqual(['master_started', 'finish 0']);
  });

  it('ends when the last process has ended', () => {
    const state = running();
    expect(toProcess(state, 1, EXITED)).not.toContain('finish 0');
    expect(toProcess(state, 2, EXITED).at(-1)).toBe('finish 0');
    expect(state.phase).toBe('ended');
  });

  it('ends with 1 when a process failed for good, whatever the others did', () => {
    const state = running();
    toProcess(state, 1, { type: 'exited', code: 3, signal: null });
    expect(toProcess(state, 2, EXITED).at(-1)).toBe('finish 1');
  });

  it('knows no process that is none of its own', () => {
    expect(toProcess(running(), 99, EXITED)).toEqual([]);
  });
});

describe('stop', () => {
  it('asks all at the same time, once', () => {
    const state = running();
    expect(apply(state, { type: 'stop' })).toEqual(['log Stopping...', 'ask-to-stop 1', 'ask-to-stop 2']);
    expect(apply(state, { type: 'stop' })).toEqual([]);
  });

  it('every end counts as stopped: exit 0', () => {
    const state = running();
    apply(state, { type: 'stop' });
    toProcess(state, 1, { type: 'exited', code: 9, signal: null });
    expect(toProcess(state, 2, KILLED).at(-1)).toBe('finish 0');
  });

  it('a failure before the stop counts', () => {
    const state = running();
    toProcess(state, 1, { type: 'exited', code: 9, signal: null });
    apply(state, { type: 'stop' });
    expect(toProcess(state, 2, EXITED).at(-1)).toBe('finish 1');
  });

  it('in the middle of the start: what was not spawned yet is asked, too', () => {
    const state = twoProcesses();
    apply(state, { type: 'run' });
    apply(state, { type: 'stop' });
    expect(toProcess(state, 1, { type: 'spawned', pid: 1 })).toEqual(['process_started 1']);
    expect(toProcess(state, 2, { type: 'spawn-failed', error: 'x' }).at(-1)).toBe('master_started');
    expect(toProcess(state, 1, EXITED).at(-1)).toBe('finish 0');
  });

  it('while all wait for their restart it is over at once', () => {
    const state = running({}, { restart: 'always' });
    toProcess(state, 1, EXITED);
    toProcess(state, 2, EXITED);
    expect(apply(state, { type: 'stop' })).toEqual(['log Stopping...', 'finish 0']);
  });

  it.each(['stop', 'kill'] as const)('a %s before the run leaves the run nothing to start', (type) => {
    const state = twoProcesses();
    expect(apply(state, { type })).toEqual([]);
    expect(apply(state, { type: 'run' })).toEqual(['master_started', 'finish 0']);
  });

  it('is bounded by the timeout of the master', () => {
    const state = running({ timeoutMs: 3000 }, { stopTimeout: 60 });
    apply(state, { type: 'stop' }, 1000);
    expect(nextDeadline(state)).toBe(4000);
    const effects = apply(state, { type: 'tick' }, 4000);
    expect(effects).toEqual(['log Timeout waiting for clean shutdown, force kill', 'kill 1', 'kill 2']);
    toProcess(state, 1, KILLED, 4000);
    expect(toProcess(state, 2, KILLED, 4000).at(-1)).toBe('finish 0');
  });

  it('kills each after its own stop timeout', () => {
    const state = running();
    apply(state, { type: 'stop' }, 1000);
    expect(apply(state, { type: 'tick' }, 6000)).toEqual([
      'log 1 Timeout reached while waiting for soft stop...',
      'kill 1',
      'log 2 Timeout reached while waiting for soft stop...',
      'kill 2',
    ]);
  });
});

describe('kill', () => {
  it('kills all, and ends with their exits', () => {
    const state = running();
    expect(apply(state, { type: 'kill' })).toEqual(['kill 1', 'kill 2']);
    toProcess(state, 1, KILLED);
    expect(toProcess(state, 2, KILLED).at(-1)).toBe('finish 0');
  });

  it('overtakes a stop', () => {
    const state = running();
    apply(state, { type: 'stop' });
    expect(apply(state, { type: 'kill' })).toEqual(['kill 1', 'kill 2']);
  });

  it('after the end it does nothing', () => {
    const state = running();
    toProcess(state, 1, EXITED);
    toProcess(state, 2, EXITED);
    expect(apply(state, { type: 'kill' })).toEqual([]);
    expect(state.phase).toBe('ended');
  });
});

describe('an agent', () => {
  const agent = (): LauncherState =>
    createState(
      listProcesses([group({ local: { instancesCount: 2 } })]),
      { ...NO_LIMITS, bootSlots: 1 },
      { mode: 'agent' },
    );

  it('starts what it is told to, in its boot slots, and goes on when all has ended', () => {
    const state = agent();
    expect(apply(state, { type: 'run' })).toEqual(['master_started']);
    expect(apply(state, { type: 'start', id: 2 })).toEqual(['spawn 2']);
    expect(apply(state, { type: 'start', id: 1 })).toEqual([]);
    expect(toProcess(state, 2, EXITED)).toEqual(['log 2 Ended', 'process_stopped 2', 'spawn 1']);
    expect(toProcess(state, 1, EXITED)).not.toContain('finish 0');
  });

  it.each(['stop', 'kill'] as const)('does not start what is told to %s while it waits for its slot', (type) => {
    const state = agent();
    apply(state, { type: 'run' });
    for (const id of [1, 2]) apply(state, { type: 'start', id });
    toProcess(state, 2, { type });
    expect(toProcess(state, 1, EXITED)).not.toContain('spawn 2');
    expect(state.processes.get(2)!.state).toBe('stopped');
  });

  it('holds its processes back without the lease, and starts them again with it', () => {
    const state = agent();
    apply(state, { type: 'run' });
    for (const id of [1, 2]) apply(state, { type: 'start', id });
    expect(apply(state, { type: 'hold', force: false })).toEqual(['ask-to-stop 1']);
    expect(toProcess(state, 1, EXITED)).not.toContain('spawn 2');
    expect(apply(state, { type: 'hold', force: true })).toEqual([]);
    expect(apply(state, { type: 'release' })).toEqual(['spawn 1']);
    expect(toProcess(state, 1, { type: 'ready' })).toEqual(['spawn 2']);
  });

  it('starts nothing without the lease, not even what is wanted again', () => {
    const state = agent();
    apply(state, { type: 'run' });
    apply(state, { type: 'start', id: 1 });
    toProcess(state, 1, { type: 'stop' });
    apply(state, { type: 'hold', force: false });
    toProcess(state, 1, EXITED);
    apply(state, { type: 'start', id: 1 });
    expect(apply(state, { type: 'tick' }, 1000)).toEqual([]);
    expect(apply(state, { type: 'release' }, 1000)).toEqual(['spawn 1']);
  });
});

describe('processes on other hosts', () => {
  const mixed = (): LauncherState => {
    const specs = listProcesses([group({ local: { instancesCount: 4 } })]);
    return createState(
      specs.map((spec) => (spec.id > 2 ? { ...spec, agent: 'host' } : spec)),
      { ...NO_LIMITS, bootSlots: 1 },
    );
  };

  it('do not wait until those here have booted', () => {
    expect(apply(mixed(), { type: 'run' })).toEqual(['spawn 1', 'spawn 3', 'spawn 4']);
  });

  it('are seen many at a time, as each alone', () => {
    const state = mixed();
    apply(state, { type: 'run' });
    apply(state, { type: 'seen', ids: [3, 4, 99] }, 700);
    expect([3, 4].map((id) => state.processes.get(id)!.seenAt)).toEqual([700, 700]);
    expect(state.silentSince).toBe(700);
  });
});

describe('the running time', () => {
  it('ends in a clean stop', () => {
    const state = running({ maxRunningTimeMs: 9000 });
    expect(apply(state, { type: 'tick' }, 8999)).toEqual([]);
    expect(apply(state, { type: 'tick' }, 9000)).toEqual(['log Stopping...', 'ask-to-stop 1', 'ask-to-stop 2']);
  });
});

describe("the master's own timeout", () => {
  const STRUCK = ['log Timeout waiting for content, force kill', 'kill 1', 'kill 2'];

  it('kills all and ends with 1', () => {
    const state = running({ timeoutMs: 5000 });
    expect(apply(state, { type: 'tick' }, 5000)).toEqual(STRUCK);
    toProcess(state, 1, KILLED, 5000);
    expect(toProcess(state, 2, KILLED, 5000).at(-1)).toBe('finish 1');
  });

  it('a sign of any process keeps it away', () => {
    const state = running({ timeoutMs: 5000 });
    toProcess(state, 2, { type: 'seen' }, 4000);
    expect(nextDeadline(state)).toBe(9000);
  });

  it('processes without a timeout are left out of account', () => {
    const state = running({ timeoutMs: 5000 }, { timeout: 0 });
    expect(nextDeadline(state)).toBe(Infinity);
  });

  it('processes that are over are left out of account', () => {
    const groups = [group(), group({ name: 'Silent', timeout: 0 })];
    const state = createState(listProcesses(groups), { ...NO_LIMITS, timeoutMs: 5000 });
    apply(state, { type: 'run' });
    toProcess(state, 1, EXITED);
    expect(apply(state, { type: 'tick' }, 6000)).toEqual([]);
  });
});

describe('while reading is paused', () => {
  it('no silence counts, that of the master neither', () => {
    const state = running({ timeoutMs: 5000 });
    apply(state, { type: 'reading-paused' }, 1000);
    expect(nextDeadline(state)).toBe(Infinity);
    expect(apply(state, { type: 'tick' }, 60_000)).toEqual([]);
    apply(state, { type: 'reading-resumed' }, 60_000);
    expect(nextDeadline(state)).toBe(65_000);
  });

  it('a stop is enforced nevertheless', () => {
    const state = running();
    apply(state, { type: 'reading-paused' }, 0);
    apply(state, { type: 'stop' }, 0);
    expect(apply(state, { type: 'tick' }, 5000)).toContain('kill 1');
  });
});
