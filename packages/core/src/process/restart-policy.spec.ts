import { describe, expect, it } from 'vitest';
import { resolveGroup } from '../config/resolve-group.js';
import { group } from '../testing/process-specs.js';
import { recentRestarts, restartDelayMs } from './restart-policy.js';

const config = resolveGroup(group());
const given = resolveGroup(group({ restartDelay: 2 }));

describe('restartDelayMs', () => {
  it('is none at first, then 100 ms doubling to 30 s', () => {
    const delays = [0, 1, 2, 3, 9, 10, 50].map((recent) => restartDelayMs(recent, config, 0.5));
    expect(delays).toEqual([0, 100, 200, 400, 25_600, 30_000, 30_000]);
  });

  it('doubles from restart_delay where that is given', () => {
    expect([0, 1, 2, 10].map((recent) => restartDelayMs(recent, given, 0.5))).toEqual([2000, 4000, 8000, 30_000]);
  });

  it('stays at a restart_delay that is longer than 30 s', () => {
    const long = resolveGroup(group({ restartDelay: 120 }));
    expect([0, 1, 5].map((recent) => restartDelayMs(recent, long, 0.5))).toEqual([120_000, 120_000, 120_000]);
  });

  it.each([
    { random: 0, delay: 1600 },
    { random: 1, delay: 2400 },
  ])('varies by 20 %: random $random', ({ random, delay }) => {
    expect(restartDelayMs(0, given, random)).toBeCloseTo(delay);
  });
});

it('recentRestarts forgets what is older than the window', () => {
  expect(recentRestarts([0, 1, 60_000], config, 60_001)).toEqual([60_000]);
});
