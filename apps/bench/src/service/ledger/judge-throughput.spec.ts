import { describe, expect, it } from 'vitest';
import type { FeederLedger, Handled } from './item-ledger.js';
import { judgeThroughput } from './judge-throughput.js';

/** One each 10 ms. */
function steady(fromMs: number, untilMs: number): Handled[] {
  return Array.from({ length: (untilMs - fromMs) / 10 }, (_, index) => ({ id: 0, atMs: fromMs + index * 10 }));
}

function feeder(...claimTimes: number[]): FeederLedger {
  return { claims: claimTimes.map((atMs) => ({ first: 1, last: 1, atMs })), answers: new Map() };
}

describe('judgeThroughput', () => {
  it('finds the worst second of a reload, wherever it begins', () => {
    const handled = [...steady(0, 12_340), ...steady(12_840, 16_000)];
    const throughput = judgeThroughput({ feeders: [feeder(0)], handled }, { startMs: 10_000, endMs: 15_000 }, 10_000);
    expect(throughput).toEqual({ before: 100, lowest: 50, feederGapMs: 0 });
  });

  it('looks at the consumers until their feeder is stopped, and at its replacement apart', () => {
    const handled = [...steady(0, 14_020), ...steady(14_500, 16_000)];
    const feeders = [feeder(0, 14_000), feeder(14_450, 14_460)];
    const throughput = judgeThroughput({ feeders, handled }, { startMs: 10_000, endMs: 15_000 }, 10_000);
    expect(throughput).toEqual({ before: 100, lowest: 100, feederGapMs: 490 });
  });

  it('looks at one second where the reload was shorter, and tells when nothing came after the feeder', () => {
    const handled = steady(0, 10_600);
    const feeders = [feeder(0, 10_100), feeder(10_700)];
    const throughput = judgeThroughput({ feeders, handled }, { startMs: 10_000, endMs: 10_800 }, 10_000);
    expect(throughput).toEqual({ before: 100, lowest: 60, feederGapMs: NaN });
  });
});
