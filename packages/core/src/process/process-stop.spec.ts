import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import { NOW, decide, exited, recordIn } from './process-machine.spec.helper.js';
import { processDeadline, type ProcessRecord } from './process-record.js';

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

describe('suspend and resume', () => {
  const suspended = () => decide(recordIn('running', {}, { restart: 'always' }), { type: 'suspend' }).next;

  it.each([
    { code: 0, signal: null },
    { code: 1, signal: null },
    { code: null, signal: 'SIGKILL' },
  ] as const)('its end leads to suspended, however it ends: $code $signal', ({ code, signal }) => {
    expect(decide(suspended(), exited(code, signal)).next.state).toBe('suspended');
  });

  it('resumed while it is still stopping, it starts again at its end', () => {
    const { next } = decide(suspended(), { type: 'resume' });
    const { next: over } = decide(next, exited(1));
    expect(over).toMatchObject({ state: 'backoff', dueAt: NOW });
    expect(decide(over, { type: 'due' }).next).toMatchObject({ state: 'starting', resumed: false, incarnation: 2 });
  });

  it('forced, it is killed and stays suspended', () => {
    const { next, effects } = decide(suspended(), { type: 'force' });
    expect(effects).toEqual(['kill']);
    const { next: over, exit } = decide(next, exited(null, 'SIGKILL'));
    expect([over.state, exit?.reason]).toEqual(['suspended', 'killed']);
  });

  it('a stop overrules it', () => {
    const { next } = decide(suspended(), { type: 'stop' });
    expect(decide(next, exited(0)).next.state).toBe('stopped');
  });
});

describe('wanted again', () => {
  it('what was stopped because it was unwanted starts', () => {
    const stopped = recordIn('stopped', { unwanted: true });
    expect(decide(stopped, { type: 'start' }).next).toMatchObject({ state: 'backoff', dueAt: NOW, unwanted: false });
  });

  it('what was suspended as well is so no more', () => {
    const stopping = recordIn('stopping', { unwanted: true, suspended: true, endReason: 'stopped' });
    const { next } = decide(decide(stopping, { type: 'start' }).next, exited(0));
    expect(next).toMatchObject({ state: 'backoff', suspended: false });
  });

  it('what has ended by itself does not', () => {
    expect(decide(recordIn('stopped'), { type: 'start' }).next.state).toBe('stopped');
    expect(decide(recordIn('failed', { unwanted: true }), { type: 'start' }).next.state).toBe('failed');
  });

  it('what has ended by itself does when it was asked to stop after that', () => {
    const { next } = decide(recordIn('stopped'), { type: 'stop' });
    expect(decide(next, { type: 'start' }).next.state).toBe('backoff');
  });

  it('what is still stopping starts when it has stopped', () => {
    const { next } = decide(recordIn('stopping', { unwanted: true, endReason: 'stopped' }), { type: 'start' });
    expect(decide(next, exited(0)).next).toMatchObject({ state: 'backoff', dueAt: NOW });
  });
});

describe('recycle', () => {
  const PAST = { timeoutsInARow: 2, restarts: [99_000], recycles: [99_000] };
  const recycled = (options: Partial<GroupOptions> = {}) =>
    decide(recordIn('running', PAST, { restart: 'never', ...options }), { type: 'recycle' }).next;

  it.each([
    { code: 0, signal: null },
    { code: 1, signal: null },
    { code: null, signal: 'SIGKILL' },
  ] as const)('its end leads to the next incarnation, however it ends: $code $signal', ({ code, signal }) => {
    const { next, exit } = decide(recycled(), exited(code, signal));
    expect(next).toMatchObject({ state: 'backoff', dueAt: NOW });
    expect(exit?.reason).toBe('stopped');
    expect(decide(next, { type: 'due' }).next).toMatchObject({ state: 'starting', incarnation: 2, resumed: false });
  });

  it('starts with a clean record', () => {
    expect(recycled()).toMatchObject({ timeoutsInARow: 0, restarts: [], recycles: [] });
  });

  it('has its stop_timeout', () => {
    expect(processDeadline(recycled())).toBe(NOW + 5000);
  });

  it('forced, it is killed and starts again', () => {
    const { next, effects } = decide(recycled(), { type: 'force' });
    expect(effects).toEqual(['kill']);
    expect(decide(next, exited(null, 'SIGKILL')).next.state).toBe('backoff');
  });

  it('a stop overrules it, and so does being suspended', () => {
    expect(decide(decide(recycled(), { type: 'stop' }).next, exited(0)).next.state).toBe('stopped');
    expect(decide(decide(recycled(), { type: 'suspend' }).next, exited(0)).next.state).toBe('suspended');
  });

  it('of what was leaving keeps it', () => {
    const { next } = decide(recordIn('stopping', { unwanted: true, endReason: 'stopped' }), { type: 'recycle' });
    expect(decide(next, exited(0)).next.state).toBe('backoff');
  });
});

describe('renewed', () => {
  it('what has failed is as new, and its next incarnation is another one', () => {
    const failed = recordIn('failed', { incarnation: 3, wasReady: true, unwanted: true, restarts: [99_000] });
    const { next } = decide(failed, { type: 'renew' });
    expect(next).toMatchObject({ state: 'created', wasReady: false, unwanted: false, restarts: [] });
    expect(decide(next, { type: 'start' }).next.incarnation).toBe(4);
  });
});
