import type { Sample } from '../../harness/benchmark.js';

/** Items that go before: the first thousands of a process are slow until its code is compiled. */
const WARM_UP = 20_000;

/** How long each item takes, one after the other, from handing it out until it is answered. */
export class Latencies {
  private readonly us: Float64Array;
  private sentMs = 0;
  private answers = 0;

  constructor(private readonly items: number) {
    this.us = new Float64Array(items);
  }

  /** Items to send, warm-up included. */
  get total(): number {
    return this.items + WARM_UP;
  }

  sent(): void {
    this.sentMs = performance.now();
  }

  answered(): void {
    const index = this.answers++ - WARM_UP;
    if (index >= 0) this.us[index] = (performance.now() - this.sentMs) * 1000;
  }

  sample(): Sample {
    const sorted = this.us.toSorted();
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return { p50Us: at(0.5), p99Us: at(0.99) };
  }
}
