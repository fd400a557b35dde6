import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STATS_INTERVAL_MS } from '../channel/protocol.js';
import { parseSlaveMessage, type StatsMessage } from '../channel/slave-message.js';
import { Statistics, untilTurnMs } from './statistics.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the turn of a process', () => {
  it('comes every 5 s, at a whole second that its pid chooses', () => {
    expect(untilTurnMs(100_000, 10)).toBe(5000);
    expect(untilTurnMs(100_001, 10)).toBe(4999);
    expect(untilTurnMs(100_001, 11)).toBe(999);
    expect(untilTurnMs(100_001, 14)).toBe(3999);
  });

  it('that was just taken, a little early, does not come at once again', () => {
    expect(untilTurnMs(104_999, 10)).toBe(5001);
  });
});

describe('Statistics', () => {
  it('measures memory, processor time and lag since the last time, every 5 s', () => {
    const sent: StatsMessage[] = [];
    let cpu = { user: 1_000_000, system: 0 };
    vi.spyOn(process, 'cpuUsage').mockImplementation((before = { user: 0, system: 0 }) => ({
      user: cpu.user - before.user,
      system: cpu.system - before.system,
    }));
    const statistics = new Statistics(
      (stats) => sent.push(stats),
      () => STATS_INTERVAL_MS,
    );
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

  it('of a consumer takes along what that has done', () => {
    const sent: StatsMessage[] = [];
    const items = { busy: 1, done: 2, failed: 0, released: 0 };
    const statistics = new Statistics(
      (stats) => sent.push(stats),
      () => STATS_INTERVAL_MS,
      () => ({ items }),
    );
    vi.advanceTimersByTime(STATS_INTERVAL_MS);
    expect(sent[0]).toMatchObject({ items });
    expect(statistics.measure(0)).toMatchObject({ items, lag: 0 });
    statistics.close();
  });

  it('its lag is the lateness of its timer', () => {
    const sent: StatsMessage[] = [];
    const statistics = new Statistics(
      (stats) => sent.push(stats),
      () => STATS_INTERVAL_MS,
    );
    const real = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => real() + 300);
    vi.advanceTimersByTime(STATS_INTERVAL_MS);
    expect(sent[0]!.lag).toBe(300);
    statistics.close();
  });
});
