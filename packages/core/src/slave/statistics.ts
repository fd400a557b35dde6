import { STATS_INTERVAL_MS } from '../channel/protocol.js';
import type { StatsMessage } from '../channel/slave-message.js';

/** Measures this process regularly. The timer does not keep the program alive. */
export class Statistics {
  #cpu = process.cpuUsage();
  #measuredAt = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(send: (stats: StatsMessage) => void) {
    this.#timer = setInterval(() => send(this.#measure()), STATS_INTERVAL_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #measure(): StatsMessage {
    const now = performance.now();
    const passedMs = now - this.#measuredAt;
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    this.#measuredAt = now;
    return {
      type: 'stats',
      rss: process.memoryUsage.rss(),
      cpu: rounded((user + system) / 1000 / passedMs),
      lag: Math.max(0, Math.round(passedMs - STATS_INTERVAL_MS)),
    };
  }
}

function rounded(fraction: number): number {
  return Math.round(fraction * 10_000) / 10_000;
}
