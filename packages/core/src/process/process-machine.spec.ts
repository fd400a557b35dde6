import { describe, expect, it } from 'vitest';
import { processSpec } from '../testing/process-specs.js';
import type { ProcessEvent } from './process-decision.js';
import { NOW, decide, exited, recordIn } from './process-machine.spec.helper.js';
import { processDeadline, type ProcessRecord } from './process-record.js';
import type { ProcessState } from './process-state.js';

const SILENCE = 'log warn Timeout reached while waiting for data...';

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
  const WAIT: ProcessEvent = { type: 'wait' };
  const LET_DOWN: ProcessEvent = { type: 'dependency-failed', group: 'Other' };
  const MEASURED: ProcessEvent = { type: 'measured', rssBytes: 1e12 };
  const UNWANT: ProcessEvent = { type: 'unwant' };
  const SUSPEND: ProcessEvent = { type: 'suspend' };
  const RESUME: ProcessEvent = { type: 'resume' };
  const RECYCLE: ProcessEvent = { type: 'recycle' };
  const RENEW: ProcessEvent = { type: 'renew' };
  const FORCE: ProcessEvent = { type: 'force' };
  const ITEM_TIMEOUT: ProcessEvent = { type: 'item-timeout', reason: 'Item 7 hangs' };

  const FAILURE = ['log error Could not be started: ENOENT', 'process_stopped'];
  const ENDING = ['log log Ended', 'process_stopped'];

  const WORLD = [SPAWNED, SPAWN_FAILED, READY, SEEN, MEASURED, ENDED, EXITED];

  type Row = readonly [ProcessState, ProcessEvent, ProcessState, readonly string[]];
  const rows: Row[] = [
    ['created', WAIT, 'waiting', []],
    ['created', LET_DOWN, 'created', []],
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
    ['created', SUSPEND, 'suspended', []],
    ['created', RESUME, 'created', []],
    ['created', FORCE, 'created', []],
    ['created', ITEM_TIMEOUT, 'created', []],
    ['created', UNWANT, 'stopped', []],
    ['created', MEASURED, 'created', []],
    ['created', DUE, 'created', []],

    ['waiting', WAIT, 'waiting', []],
    ['waiting', LET_DOWN, 'failed', ['log error Not started: group Other, on which it depends, has failed']],
    ['waiting', START, 'starting', ['spawn']],
    ['waiting', STOP, 'stopped', []],
    ['waiting', KILL, 'stopped', []],
    ['waiting', UNWANT, 'stopped', []],
    ['waiting', SUSPEND, 'suspended', []],
    ['waiting', DUE, 'waiting', []],

    ['suspended', START, 'suspended', []],
    ['suspended', RESUME, 'starting', ['spawn']],
    ['suspended', SUSPEND, 'suspended', []],
    ['suspended', STOP, 'stopped', []],
    ['suspended', KILL, 'stopped', []],
    ['suspended', FORCE, 'suspended', []],
    ['suspended', ITEM_TIMEOUT, 'suspended', []],
    ['suspended', UNWANT, 'stopped', []],
    ['suspended', EXITED, 'suspended', []],
    ['suspended', DUE, 'suspended', []],

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
    ['starting', SUSPEND, 'stopping', ['ask-to-stop']],
    ['starting', RESUME, 'starting', []],
    ['starting', FORCE, 'starting', ['kill']],
    ['starting', ITEM_TIMEOUT, 'starting', ['log warn Item 7 hangs, force kill', 'kill']],
    ['starting', UNWANT, 'starting', []],
    ['starting', WAIT, 'starting', []],
    ['starting', LET_DOWN, 'starting', []],
    ['starting', MEASURED, 'starting', []],
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
    ['running', SUSPEND, 'stopping', ['ask-to-stop']],
    ['running', RESUME, 'running', []],
    ['running', FORCE, 'running', ['kill']],
    ['running', ITEM_TIMEOUT, 'running', ['log warn Item 7 hangs, force kill', 'kill']],
    ['running', UNWANT, 'running', []],
    ['running', WAIT, 'running', []],
    ['running', LET_DOWN, 'running', []],
    ['running', MEASURED, 'running', []],
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
    ['stopping', SUSPEND, 'stopping', []],
    ['stopping', RESUME, 'stopping', []],
    ['stopping', FORCE, 'stopping', ['kill']],
    ['stopping', ITEM_TIMEOUT, 'stopping', ['log warn Item 7 hangs, force kill', 'kill']],
    ['stopping', UNWANT, 'stopping', []],
    ['stopping', WAIT, 'stopping', []],
    ['stopping', LET_DOWN, 'stopping', []],
    ['stopping', MEASURED, 'stopping', []],
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
    ['backoff', SUSPEND, 'suspended', []],
    ['backoff', RESUME, 'backoff', []],
    ['backoff', FORCE, 'backoff', []],
    ['backoff', ITEM_TIMEOUT, 'backoff', []],
    ['backoff', UNWANT, 'stopped', []],
    ['backoff', MEASURED, 'backoff', []],
    ['backoff', DUE, 'backoff', []],

    ...(['stopped', 'failed'] as const).flatMap((state) =>
      [...WORLD, WAIT, LET_DOWN, START, RESUMED, STOP, UNWANT, SUSPEND, RESUME, KILL, FORCE, ITEM_TIMEOUT, DUE].map(
        (event): Row => [state, event, state, []],
      ),
    ),
  ];

  rows.push(
    ['created', RECYCLE, 'created', []],
    ['waiting', RECYCLE, 'waiting', []],
    ['starting', RECYCLE, 'stopping', ['ask-to-stop']],
    ['running', RECYCLE, 'stopping', ['ask-to-stop']],
    ['stopping', RECYCLE, 'stopping', []],
    ['backoff', RECYCLE, 'backoff', []],
    ['suspended', RECYCLE, 'backoff', []],
    ['stopped', RECYCLE, 'backoff', []],
    ['failed', RECYCLE, 'backoff', []],
    ...(['created', 'waiting', 'starting', 'running', 'stopping', 'backoff'] as const).map((state): Row => [
      state,
      RENEW,
      state,
      [],
    ]),
    ...(['suspended', 'stopped', 'failed'] as const).map((state): Row => [state, RENEW, 'created', []]),
  );

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

describe('a feeder', () => {
  const feeder = { ...processSpec({ startTimeout: 5 }), queue: { role: 'feeder' as const } };

  it('that waits for its port is not killed by its start_timeout, which counts anew when it goes on', () => {
    const { next: waiting } = decide(recordIn('starting'), { type: 'waiting', waiting: true });
    expect([waiting.waits, processDeadline(waiting)]).toEqual([true, Infinity]);
    const { next } = decide(waiting, { type: 'waiting', waiting: false });
    expect([next.waits, next.spawnedAt]).toEqual([false, NOW]);
    expect(decide(recordIn('running'), { type: 'waiting', waiting: true }).next.waits).toBe(false);
  });

  it('that is resumed waits for its turn: what it has handed out may be at work elsewhere', () => {
    const { next, effects } = decide(recordIn('suspended', { spec: feeder, suspended: true }), { type: 'resume' });
    expect([next.state, next.dueAt, effects]).toEqual(['backoff', NOW, []]);
  });

  it('says when it is ready whether it adopts', () => {
    expect(decide(recordIn('starting'), { type: 'ready', adopts: true }).next.adopts).toBe(true);
    expect(decide(recordIn('starting', { adopts: true }), { type: 'ready' }).next.adopts).toBe(false);
  });
});

it('a sign of life that was read after the kill for silence proves nothing', () => {
  const killed = recordIn('running', { killed: true, timeoutsInARow: 3, readyAt: 0 });
  expect(decide(killed, { type: 'seen' }).next.timeoutsInARow).toBe(3);
});
