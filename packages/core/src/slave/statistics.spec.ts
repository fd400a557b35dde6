import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STATS_INTERVAL_MS } from '../channel/protocol.js';
import { parseSlaveMessage, type StatsMessage } from '../channel/slave-message.js';
import { Statistics } from './statistics.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('Statistics', () => {
  it('measures memory, processor time and lag since the last time, every 5 s', () => {
    const sent: StatsMessage[] = [];
    let cpu = { user: 1_000_000, system: 0 };
    vi.spyOn(process, 'cpuUsage').mockImplementation((before = { user: 0, system: 0 }) => ({
      user: cpu.user - before.user,
      system: cpu.system - before.system,
    }));
    const statistics = new Statistics((stats) => sent.push(stats));
    cpu = { user: 2_500_000, system: 1_000_000 };
    vi.advanceTimersByTime(STATS_INTERVAL_MS);
    vi.advanceTimersByTime(STATS_INTERVAL_MS);
    expect(sent.map(({ cpu, lag }) => ({ cpu, lag }))).toEqual([
      { cpu: 0.5, lag: 0 },
      { cpu: 0, lag: 0 },
    ]);
    expect(sent[0]!.rss).toBeGreaterThan(1e6);
    for (const stats of sent) expect(parseSlaveMessage(stats)).toBe(stats);
    statistics.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('its lag is the lateness of its timer', () => {
    const sent: StatsMessage[] = [];
    const statistics = new Statistics((stats) => sent.push(stats));
    const real = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => real() + 300);
    vi.advanceTimersByTime(STATS_INTERVAL_MS);
    expect(sent[0]!.lag).toBe(300);
    statistics.close();
  });
});
