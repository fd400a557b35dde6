import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SystemClock } from './system-clock.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('calls back after what has arrived was read', async () => {
  let called = 0;
  new SystemClock().setTimer(10, () => called++);
  vi.advanceTimersByTime(10);
  expect(called).toBe(0);
  await turn();
  expect(called).toBe(1);
});

it('what is cancelled is not called, at any moment', async () => {
  let called = 0;
  const early = new SystemClock().setTimer(10, () => called++);
  const late = new SystemClock().setTimer(10, () => called++);
  early();
  vi.advanceTimersByTime(10);
  late();
  await turn();
  expect(called).toBe(0);
});

it('a delay that is longer than a timer can be does not fire at once', () => {
  new SystemClock().setTimer(1e12, () => {});
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(1);
});
