import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { processSpec } from '../testing/process-specs.js';
import type { ProcessExit } from './process-exit.js';
import { decideProcess, type ProcessContext, type ProcessEffect, type ProcessEvent } from './process-machine.js';
import { createRecord, processDeadline, type ProcessRecord } from './process-record.js';
import type { ProcessState } from './process-state.js';

const NOW = 100_000;
const SILENCE = 'log warn Timeout reached while waiting for data...';

/** A process in the middle of its life: spawned at 90 s, ready at 91 s, seen at 99 s. */
function recordIn(state: ProcessState, changes: Partial<ProcessRecord> = {}, options: Partial<GroupOptions> = {}) {
  const times = { spawnedAt: 90_000, readyAt: 91_000, seenAt: 99_000, silentSince: 99_000 };
  const life = { incarnation: state === 'created' ? 0 : 1, stopAskedAt: 98_000, dueAt: 101_000 };
  const record: ProcessRecord = { ...createRecord(processSpec(options)), ...times, ...life, state };
  return { ...record, ...changes };
}

function context(changes: Partial<ProcessContext> = {}): ProcessContext {
  return { now: NOW, maxProcessTimeout: 3, random: () => 0.5, ...changes };
}

function decide(record: ProcessRecord, event: ProcessEvent, changes: Partial<ProcessContext> = {}) {
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

function exited(code: number | null, signal: NodeJS.Signals | null = null): ProcessEvent {
  return { type: 'exited', code, signal };
}

describe('each event in each state', () => {
  const START: ProcessEvent = { type: 'start' };
  const SPAWNED: ProcessEvent = { type: 'spawned', pid: 7 };
  const SPAWN_FAILED: ProcessEvent = { type: 'spawn-failed', error: 'ENOENT' };
  const READY: ProcessEvent = { type: 'ready' };
  const SEEN: ProcessEvent = { type: 'seen' };
  const RESUMED: ProcessEvent = { type: 'reading-resumed' };
  const ENDED: ProcessEvent = { type: 'ended', code: 0 };
  const EXITED = exited(0);
  const STOP: ProcessEvent = { type: 'stop' };
  const KILL: ProcessEvent = { type: 'kill' };
  const DUE: ProcessEvent = { type: 'due' };

  const FAILURE = ['log error Could not be started: ENOENT', 'process_stopped'];
  const ENDING = ['log log Ended', 'process_stopped'];

  type Row = readonly [ProcessState, ProcessEvent, ProcessState, readonly string[]];
  const rows: Row[] = [
    ['created', START, 'starting', ['spawn']],
    ['created', SPAWNED, 'created', []],
    ['created', SPAWN_FAILED, 'created', []],
    ['created', READY, 'created', []],
    ['created', SEEN, 'created', []],
    ['created', RESUMED, 'created', []],
    ['created', ENDED, 'created', []],
    ['created', EXITED, 'created', []],
    ['created', STOP, 'stopped', []],
    ['created', KILL, 'stopped', []],
    ['created', DUE, 'created', []],

    ['starting', START, 'starting', []],
    ['starting', SPAWNED, 'starting', ['process_started']],
    ['starting', SPAWN_FAILED, 'failed', FAILURE],
    ['starting', READY, 'running', []],
    ['starting', SEEN, 'starting', []],
    ['starting', RESUMED, 'starting', []],
    ['starting', ENDED, 'stopping', []],
    ['starting', EXITED, 'stopped', ENDING],
    ['starting', STOP, 'stopping', ['ask-to-stop']],
    ['starting', KILL, 'starting', ['kill']],
    ['starting', DUE, 'starting', []],

    ['running', START, 'running', []],
    ['running', SPAWNED, 'running', ['process_started']],
    ['running', READY, 'running', []],
    ['running', SEEN, 'running', []],
    ['running', RESUMED, 'running', []],
    ['running', ENDED, 'stopping', []],
    ['running', EXITED, 'stopped', ENDING],
    ['running', STOP, 'stopping', ['ask-to-stop']],
    ['running', KILL, 'running', ['kill']],
    ['running', DUE, 'running', []],

    ['stopping', START, 'stopping', []],
    ['stopping', SPAWNED, 'stopping', ['process_started']],
    ['stopping', READY, 'stopping', []],
    ['stopping', SEEN, 'stopping', []],
    ['stopping', RESUMED, 'stopping', []],
    ['stopping', ENDED, 'stopping', []],
    ['stopping', EXITED, 'stopped', ENDING],
    ['stopping', STOP, 'stopping', []],
    ['stopping', KILL, 'stopping', ['kill']],
    ['stopping', DUE, 'stopping', []],

    ['backoff', START, 'backoff', []],
    ['backoff', SPAWNED, 'backoff', []],
    ['backoff', SPAWN_FAILED, 'backoff', []],
    ['backoff', READY, 'backoff', []],
    ['backoff', SEEN, 'backoff', []],
    ['backoff', RESUMED, 'backoff', []],
    ['backoff', ENDED, 'backoff', []],
    ['backoff', EXITED, 'backoff', []],
    ['backoff', STOP, 'stopped', []],
    ['backoff', KILL, 'stopped', []],
    ['backoff', DUE, 'backoff', []],

    ...(['stopped', 'failed'] as const).flatMap((state) =>
      [START, SPAWNED, SPAWN_FAILED, READY, SEEN, RESUMED, ENDED, EXITED, STOP, KILL, DUE].map((event): Row => [
        state,
        event,
        state,
        [],
      ]),
    ),
  ];

  it.each(rows.map(([from, event, to, effects]) => ({ from, type: event.type, event, to, effects })))(
    '$from, $type: $to',
    ({ from, event, to, effects }) => {
      const decision = decide(recordIn(from), event);
      expect(decision.next.state).toBe(to);
      expect(decision.effects).toEqual(effects);
    },
  );
});

describe('start', () => {
  it('begins a new incarnation that knows nothing of the one before', () => {
    const before = { killed: true, endReason: 'timeout', endedCode: 1, pid: 7, dueAt: NOW } as const;
    const { next } = decide(recordIn('backoff', before), { type: 'due' });
    expect(next).toMatchObject({ state: 'starting', incarnation: 2, killed: false, spawnedAt: NOW });
    expect([next.endReason, next.endedCode, next.pid]).toEqual([undefined, undefined, undefined]);
  });

  it('of a program of its own: it runs from its spawn', () => {
    const { next, effects } = decide(recordIn('starting', {}, { console: false }), { type: 'spawned', pid: 7 });
    expect(next).toMatchObject({ state: 'running', pid: 7, readyAt: 90_000 });
    expect(effects).toEqual(['process_started']);
  });

  it('that was killed before the spawn is reported is killed again after it', () => {
    const { effects } = decide(recordIn('starting', { killed: true }), { type: 'spawned', pid: 7 });
    expect(effects).toEqual(['process_started', 'kill']);
  });

  it('that fails keeps its reason in the one record of its end', () => {
    const { exit } = decide(recordIn('starting'), { type: 'spawn-failed', error: 'spawn x ENOENT' });
    expect(exit).toEqual({ code: null, signal: null, reason: 'spawn-failed', forced: false, error: 'spawn x ENOENT' });
  });

  it('that fails after a stop was asked for ends stopped', () => {
    const stopping = recordIn('stopping', { unwanted: true, endReason: 'stopped' });
    expect(decide(stopping, { type: 'spawn-failed', error: 'ENOENT' }).next.state).toBe('stopped');
  });

  it('that fails is tried again where failures are', () => {
    const { next } = decide(recordIn('starting', {}, { restart: 'on-failure' }), { type: 'spawn-failed', error: 'x' });
    expect(next.state).toBe('backoff');
  });
});

describe('signs of life', () => {
  it('silence counts from ready', () => {
    const { next } = decide(recordIn('starting'), { type: 'ready' });
    expect(next).toMatchObject({ readyAt: NOW, silentSince: NOW, seenAt: NOW });
    expect(processDeadline(next)).toBe(NOW + 10_000);
  });

  it('being seen ends the silence', () => {
    const { next } = decide(recordIn('running'), { type: 'seen' });
    expect(processDeadline(next)).toBe(NOW + 10_000);
  });

  it('a second ready is a sign of life, not a new start', () => {
    const { next } = decide(recordIn('running'), { type: 'ready' });
    expect(next).toMatchObject({ readyAt: 91_000, silentSince: NOW });
  });

  it('time in which the launcher did not read does not count', () => {
    const { next } = decide(recordIn('running'), { type: 'reading-resumed' });
    expect(next).toMatchObject({ silentSince: NOW, seenAt: 99_000 });
  });

  it('what is killed already has no deadline any more', () => {
    expect(processDeadline(recordIn('running', { killed: true }))).toBe(Infinity);
  });

  it('a timeout of 0 is none', () => {
    expect(processDeadline(recordIn('running', {}, { timeout: 0 }))).toBe(Infinity);
    expect(processDeadline(recordIn('starting', {}, { startTimeout: 0 }))).toBe(Infinity);
  });
});

describe('time-outs', () => {
  const silent = (changes: Partial<ProcessRecord> = {}) => recordIn('running', { silentSince: 90_000, ...changes });

  it('a silent process is reported and killed', () => {
    const { next, effects } = decide(silent(), { type: 'due' });
    expect(effects).toEqual(['process_timedout', SILENCE, 'kill']);
    expect(next).toMatchObject({ state: 'running', killed: true, endReason: 'timeout', timeoutsInARow: 1 });
  });

  it.each(['never', 'on-failure', 'always'] as const)('started again at once, restart: %s', (restart) => {
    const killed = recordIn('running', { killed: true, endReason: 'timeout', timeoutsInARow: 2 }, { restart });
    const { next, effects, exit } = decide(killed, exited(null, 'SIGKILL'));
    expect(next).toMatchObject({ state: 'backoff', dueAt: NOW, restarts: [] });
    expect(effects).toEqual(['log log Ended', 'process_stopped']);
    expect(exit).toEqual({ code: null, signal: 'SIGKILL', reason: 'timeout', forced: true });
  });

  it('the last of the time-outs in a row that are allowed ends it for good', () => {
    const killed = recordIn(
      'running',
      { killed: true, endReason: 'timeout', timeoutsInARow: 3 },
      { restart: 'always' },
    );
    const { next, effects } = decide(killed, exited(null, 'SIGKILL'));
    expect(next.state).toBe('failed');
    expect(effects).toContain('log error Timed out 3 times in a row, given up');
  });

  it('without a limit it is never given up', () => {
    const killed = recordIn('running', { killed: true, endReason: 'timeout', timeoutsInARow: 99 });
    expect(decide(killed, exited(null, 'SIGKILL'), { maxProcessTimeout: 0 }).next.state).toBe('backoff');
  });

  it('seen within one timeout after ready, the count stays', () => {
    const { next } = decide(recordIn('running', { timeoutsInARow: 2, readyAt: NOW - 10_000 }), { type: 'seen' });
    expect(next.timeoutsInARow).toBe(2);
  });

  it('seen later than one timeout after ready, the count starts again', () => {
    const { next } = decide(recordIn('running', { timeoutsInARow: 2, readyAt: NOW - 10_001 }), { type: 'seen' });
    expect(next.timeoutsInARow).toBe(0);
  });

  it('asked to stop while it is being killed for silence, it ends stopped', () => {
    const killed = recordIn('running', { killed: true, endReason: 'timeout', timeoutsInARow: 1 });
    const { next } = decide(killed, { type: 'stop' });
    const { next: over, exit } = decide(next, exited(null, 'SIGKILL'));
    expect([over.state, exit?.reason]).toEqual(['stopped', 'timeout']);
  });
});

describe('start timeout', () => {
  it('what is not ready in time is killed', () => {
    const { next, effects } = decide(recordIn('starting', { spawnedAt: NOW - 60_000 }), { type: 'due' });
    expect(effects).toEqual(['log warn Timeout reached while waiting for readiness...', 'kill']);
    expect(next).toMatchObject({ state: 'starting', endReason: 'start-timeout' });
  });

  it.each([
    { restart: 'never', state: 'failed' },
    { restart: 'on-failure', state: 'backoff' },
    { restart: 'always', state: 'backoff' },
  ] as const)('follows restart: $restart', ({ restart, state }) => {
    const killed = recordIn('starting', { killed: true, endReason: 'start-timeout' }, { restart });
    expect(decide(killed, exited(null, 'SIGKILL')).next.state).toBe(state);
  });
});

describe('stop', () => {
  const stopping = (changes: Partial<ProcessRecord> = {}) =>
    recordIn('stopping', { unwanted: true, endReason: 'stopped', ...changes });

  it('gives the process its stop timeout', () => {
    const { next } = decide(recordIn('running'), { type: 'stop' });
    expect(next).toMatchObject({ unwanted: true, endReason: 'stopped' });
    expect(processDeadline(next)).toBe(NOW + 5000);
  });

  it('what is left after it is killed', () => {
    const { next, effects } = decide(stopping({ stopAskedAt: NOW - 5000 }), { type: 'due' });
    expect(effects).toEqual(['log warn Timeout reached while waiting for soft stop...', 'kill']);
    expect(decide(next, exited(null, 'SIGKILL')).exit).toMatchObject({ reason: 'stop-timeout', forced: true });
  });

  it.each([0, 1, 143])('every end during a stop counts as stopped: code %i', (code) => {
    const { next, exit } = decide(stopping(), exited(code));
    expect([next.state, exit?.reason, exit?.forced]).toEqual(['stopped', 'stopped', false]);
  });

  it('no restart policy brings back what is not wanted', () => {
    const record = recordIn('stopping', { unwanted: true, endReason: 'stopped' }, { restart: 'always' });
    expect(decide(record, exited(1)).next.state).toBe('stopped');
  });

  it('a program that ends by our SIGTERM is no reason to complain', () => {
    expect(decide(stopping(), exited(null, 'SIGTERM')).effects).toEqual(['log log Ended', 'process_stopped']);
  });

  it('another signal is told', () => {
    expect(decide(stopping(), exited(null, 'SIGSEGV')).effects).toContain('log warn Ended by SIGSEGV');
  });

  it('a kill after a stop is told as such', () => {
    const { next } = decide(stopping(), { type: 'kill' });
    expect(next).toMatchObject({ endReason: 'killed', killed: true });
  });
});

describe('kill', () => {
  it('leaves the state until the exit proves that the process is gone', () => {
    const { next } = decide(recordIn('running'), { type: 'kill' });
    expect(next).toMatchObject({ state: 'running', unwanted: true, endReason: 'killed' });
    const { next: over, exit } = decide(next, exited(null, 'SIGKILL'));
    expect(over.state).toBe('stopped');
    expect(exit).toEqual({ code: null, signal: 'SIGKILL', reason: 'killed', forced: true });
  });

  it('the first reason wins', () => {
    const { next } = decide(recordIn('running', { killed: true, endReason: 'timeout' }), { type: 'kill' });
    expect(next.endReason).toBe('timeout');
  });
});

describe('the end of a slave that said it was done', () => {
  it('has its stop timeout to exit', () => {
    const { next } = decide(recordIn('running'), { type: 'ended', code: 0 });
    expect(next).toMatchObject({ state: 'stopping', endReason: 'ended', unwanted: false });
    expect(processDeadline(next)).toBe(NOW + 5000);
  });

  it('is believed, even when it had to be killed', () => {
    const { next } = decide(recordIn('running'), { type: 'ended', code: 0 });
    const { next: killed } = decide(next, { type: 'due' }, { now: NOW + 5000 });
    const { next: over, exit } = decide(killed, exited(null, 'SIGKILL'));
    expect([over.state, exit?.reason]).toEqual(['stopped', 'stop-timeout']);
  });

  it('with an exit code of its own it has failed', () => {
    const { next } = decide(recordIn('running'), { type: 'ended', code: 1 });
    expect(decide(next, exited(1)).next.state).toBe('failed');
  });

  it('is started again where the policy says so', () => {
    const { next } = decide(recordIn('running', {}, { restart: 'always' }), { type: 'ended', code: 0 });
    expect(decide(next, exited(0)).next.state).toBe('backoff');
  });
});

describe('an end by itself', () => {
  it.each([
    { restart: 'never', code: 0, state: 'stopped' },
    { restart: 'never', code: 1, state: 'failed' },
    { restart: 'on-failure', code: 0, state: 'stopped' },
    { restart: 'on-failure', code: 1, state: 'backoff' },
    { restart: 'always', code: 0, state: 'backoff' },
    { restart: 'always', code: 1, state: 'backoff' },
  ] as const)('restart: $restart, code $code: $state', ({ restart, code, state }) => {
    const { next, exit } = decide(recordIn('running', {}, { restart }), exited(code));
    expect(next.state).toBe(state);
    expect(exit).toEqual({ code, signal: null, reason: 'ended', forced: false });
  });

  it('tells its code', () => {
    const { effects } = decide(recordIn('running'), exited(3));
    expect(effects).toEqual(['log warn Exited with code 3', 'log log Ended', 'process_stopped']);
  });

  it('tells its signal, and SIGTERM from elsewhere is a failure', () => {
    const { next, effects } = decide(recordIn('running'), exited(null, 'SIGTERM'));
    expect(next.state).toBe('failed');
    expect(effects).toContain('log warn Ended by SIGTERM');
  });
});

describe('restarts', () => {
  const failing = (restarts: readonly number[], options: Partial<GroupOptions> = {}) =>
    decide(recordIn('running', { restarts }, { restart: 'on-failure', ...options }), exited(1));

  it('the first is at once', () => {
    const { next, effects } = failing([]);
    expect(next).toMatchObject({ state: 'backoff', dueAt: NOW, restarts: [NOW] });
    expect(effects.at(-1)).toBe('log warn Restarting');
  });

  it('the next waits', () => {
    const { next, effects } = failing([NOW - 1000]);
    expect(next).toMatchObject({ dueAt: NOW + 100, restarts: [NOW - 1000, NOW] });
    expect(effects.at(-1)).toBe('log warn Restarting in 0.1 s');
  });

  it('too many within the window end it for good', () => {
    const { next, effects } = failing([1, 2, 3, 4, 5].map((n) => NOW - n));
    expect(next.state).toBe('failed');
    expect(effects.at(-1)).toBe('log error Restarted 5 times in 60 s, given up');
  });

  it('those before the window do not count', () => {
    const { next } = failing([1, 2, 3, 4, 5].map((n) => NOW - 60_000 - n));
    expect(next).toMatchObject({ state: 'backoff', restarts: [NOW] });
  });

  it('max_restarts: 0 allows none', () => {
    expect(failing([], { maxRestarts: 0 }).next.state).toBe('failed');
  });
});
