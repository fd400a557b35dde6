import { STATS_INTERVAL_MS } from '../channel/protocol.js';
import { machineMs } from '../channel/lease-message.js';
import type { StatsMessage } from '../channel/slave-message.js';
import type { WorkMeasure } from '../metrics/process-measure.js';

const SECOND_MS = 1000;

/** Measures this process regularly. The timer does not keep the program alive. */
export class Statistics {
  #cpu = process.cpuUsage();
  #measuredAt = performance.now();
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param turnMs how long until the next turn of this process
   * @param work what a consumer tells besides
   */
  constructor(
    private readonly send: (stats: StatsMessage) => void,
    private readonly turnMs = () => untilTurnMs(machineMs(), process.pid),
    private readonly work: () => WorkMeasure = () => ({}),
  ) {
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** @param lateMs how late the event loop is, in milliseconds */
  measure(lateMs: number): StatsMessage {
    const now = performance.now();
    const passedMs = now - this.#measuredAt;
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    this.#measuredAt = now;
    return {
      type: 'stats',
      rss: process.memoryUsage.rss(),
      cpu: passedMs > 0 ? rounded((user + system) / 1000 / passedMs) : 0,
      lag: Math.max(0, Math.round(lateMs)),
      ...this.work(),
    };
  }

  #wait(): void {
    const delayMs = this.turnMs();
    this.#dueAt = performance.now() + delayMs;
    this.#timer = setTimeout(() => this.#tell(), delayMs).unref();
  }

  #tell(): void {
    const lateMs = performance.now() - this.#dueAt;
    this.send(this.measure(lateMs));
    this.#wait();
  }
}

/**
 * All slaves of a machine speak at whole seconds, a fifth of them at each: so their messages arrive together and wake the
 * launcher once a second, in place of once for each slave.
 */
export function untilTurnMs(nowMs: number, pid: number): number {
  const offsetMs = (pid % (STATS_INTERVAL_MS / SECOND_MS)) * SECOND_MS;
  const sinceMs = (nowMs + STATS_INTERVAL_MS - offsetMs) % STATS_INTERVAL_MS;
  const leftMs = STATS_INTERVAL_MS - sinceMs;
  return leftMs < SECOND_MS / 2 ? leftMs + STATS_INTERVAL_MS : leftMs;
}

function rounded(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
