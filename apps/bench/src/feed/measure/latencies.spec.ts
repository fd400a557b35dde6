import { describe, expect, it, vi } from 'vitest';
import { Latencies } from './latencies.js';

describe('Latencies', () => {
  it('gives the middle and the 99th percentile of what comes after the warm-up', () => {
    const now = vi.spyOn(performance, 'now');
    const latencies = new Latencies(100);
    const warmUp = latencies.total - 100;
    for (let item = 1; item <= latencies.total; item++) {
      now.mockReturnValue(0);
      latencies.sent();
      now.mockReturnValue(item <= warmUp ? 1000 : (item - warmUp) / 1000);
      latencies.answered();
    }
    now.mockRestore();
    expect(latencies.sample()).toEqual({ p50Us: 51, p99Us: 100 });
  });
});
