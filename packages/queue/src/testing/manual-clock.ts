import type { Clock } from '@distributed-architecture/core';

/** Time of day at which a manual clock starts. */
const START = Date.UTC(2026, 0, 1);

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test turns it. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  monotonicMs(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(START + this.#now);
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Turns the clock and calls what falls due, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.callback();
    }
    this.#now = end;
  }

  /** The earliest timer that is due at `end`. */
  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }
}
