import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { NOW, decide, exited, recordIn } from './process-machine.spec.helper.js';
import { processDeadline, type ProcessRecord } from './process-record.js';

const MB = 1_048_576;

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

describe('the memory limit', () => {
  const options = { memoryLimit: 100, restart: 'never' } as const;
  const measure = (mb: number, changes: Partial<ProcessRecord> = {}, state: 'running' | 'stopping' = 'running') =>
    decide(recordIn(state, changes, options), { type: 'measured', rssBytes: mb * MB });

  it('below it nothing is done', () => {
    const { next, effects } = measure(99);
    expect(effects).toEqual([]);
    expect(next).toMatchObject({ state: 'running', rssBytes: 99 * MB });
  });

  it('at it the process is stopped cleanly', () => {
    const { next, effects } = measure(100);
    expect(next).toMatchObject({ state: 'stopping', endReason: 'memory-limit', unwanted: false });
    expect(effects).toEqual([
      'log warn Has 100 MB of memory, its limit is 100 MB, stopping it for a fresh start',
      'ask-to-stop',
    ]);
  });

  it.each(['running', 'stopping'] as const)('%s, at 1.5x it is killed', (state) => {
    const { next, effects } = measure(150, {}, state);
    expect(next).toMatchObject({ killed: true, endReason: 'memory-limit' });
    expect(effects.at(-1)).toBe('kill');
    expect(measure(151, { killed: true }, state).effects).toEqual([]);
  });

  it.each([0, 1])('brings a fresh start at once, whatever restart says: code %i', (code) => {
    const { next: stopping } = measure(100);
    const { next, exit } = decide(stopping, exited(code));
    expect(next).toMatchObject({ state: 'backoff', dueAt: NOW, recycles: [NOW], restarts: [] });
    expect(exit).toMatchObject({ reason: 'memory-limit', rss: 100 });
  });

  it('again and again it slows down, and is never given up', () => {
    const recycles = Array.from({ length: 50 }, (_, index) => NOW - index);
    const { next: stopping } = measure(100, { recycles });
    expect(decide(stopping, exited(0)).next).toMatchObject({ state: 'backoff', dueAt: NOW + 30_000 });
  });

  it('a stop that was asked for stays one', () => {
    const { next: stopping } = measure(100);
    const { next: unwanted } = decide(stopping, { type: 'stop' });
    expect(decide(unwanted, exited(0)).next.state).toBe('stopped');
  });
});

describe('limits of a process that is to stop, but after others', () => {
  it('its age does not stop it before its turn', () => {
    const waits = recordIn('running', { agedAt: NOW, unwanted: true }, { maxAge: 100, timeout: 0 });
    expect(processDeadline(waits)).toBe(Infinity);
    expect(decide(waits, { type: 'due' }).effects).toEqual([]);
  });

  it('nor does its memory, until it is a danger', () => {
    const waits = recordIn('running', { unwanted: true }, { memoryLimit: 100 });
    expect(decide(waits, { type: 'measured', rssBytes: 149 * MB }).effects).toEqual([]);
    expect(decide(waits, { type: 'measured', rssBytes: 150 * MB }).effects.at(-1)).toBe('kill');
  });
});

describe('the age limit', () => {
  const options = { maxAge: 100, timeout: 0 } as const;

  it('counts from ready, with a spread of a tenth', () => {
    const ready = (random: number) =>
      processDeadline(decide(recordIn('starting', {}, options), { type: 'ready' }, { random: () => random }).next);
    expect([ready(0), ready(1)]).toEqual([NOW + 100_000, NOW + 90_000]);
  });

  it('at it the process is stopped cleanly and starts again at once', () => {
    const { next: stopping, effects } = decide(recordIn('running', { agedAt: NOW }, options), { type: 'due' });
    expect(effects.at(-1)).toBe('ask-to-stop');
    const { next, exit } = decide(stopping, exited(0));
    expect(next).toMatchObject({ state: 'backoff', dueAt: NOW, restarts: [] });
    expect(exit?.reason).toBe('max-age');
  });

  it('what does not stop in time is killed, and starts again', () => {
    const { next: stopping } = decide(recordIn('running', { agedAt: NOW }, options), { type: 'due' });
    const { next: killed } = decide(stopping, { type: 'due' }, { now: NOW + 5000 });
    const { next, exit } = decide(killed, exited(null, 'SIGKILL'));
    expect([next.state, exit?.reason, exit?.forced]).toEqual(['backoff', 'max-age', true]);
  });
});

describe('an item that does not let go of its consumer', () => {
  const HANGS = { type: 'item-timeout', reason: 'Item 7 hangs' } as const;

  it('has it killed once, and started again whatever restart says', () => {
    const { next: killed } = decide(recordIn('running', {}, { restart: 'never' }), HANGS);
    expect(decide(killed, HANGS).effects).toEqual([]);
    const { next, exit, effects } = decide(killed, exited(null, 'SIGKILL'));
    expect([next.state, exit?.reason, exit?.forced]).toEqual(['backoff', 'item-timeout', true]);
    expect(effects.at(-1)).toBe('log warn Restarting');
  });

  it('slows it down when it repeats, and is never a reason to give up', () => {
    const recycles = Array.from({ length: 9 }, () => NOW - 1000);
    const { next: killed } = decide(recordIn('running', { recycles }, { maxRestarts: 0 }), HANGS);
    expect(decide(killed, exited(null, 'SIGKILL')).next).toMatchObject({ state: 'backoff', dueAt: NOW + 25_600 });
  });

  it('one that was asked to stop stays stopped', () => {
    const { next: killed } = decide(recordIn('stopping', { unwanted: true, endReason: 'stopped' }), HANGS);
    const { next, exit } = decide(killed, exited(null, 'SIGKILL'));
    expect([next.state, exit?.reason]).toEqual(['stopped', 'item-timeout']);
  });
});
