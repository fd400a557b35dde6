import type { Sample } from '../../harness/benchmark.js';

/** How many items a second. A first one, which finds out that the other end is there, does not count. */
export class Rate {
  private startMs = 0;
  private sends = 0;

  constructor(private readonly items: number) {}

  /** Items to send, the first one included. */
  get total(): number {
    return this.items + 1;
  }

  sent(): void {
    if (++this.sends === 2) this.startMs = performance.now();
  }

  answered(): void {}

  /** To be asked as soon as the last item is answered. */
  sample(): Sample {
    return { itemsPerSecond: this.items / ((performance.now() - this.startMs) / 1000) };
  }
}
