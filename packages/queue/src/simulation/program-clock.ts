import type { Clock } from '@distributed-architecture/core';
import type { SimProcess } from './sim-process.js';

const START = Date.UTC(2026, 0, 1);

/** The time as a process sees it: a monotonic clock begins anywhere. */
export class ProgramClock implements Clock {
  #waiting = 0;

  constructor(
    private readonly process: SimProcess,
    private readonly offset: number,
    /** Of its timers some never ring. */
    private readonly loses: () => boolean,
  ) {}

  /** Timers that have not rung. */
  get waiting(): number {
    return this.#waiting;
  }

  monotonicMs(): number {
    return this.offset + this.process.now;
  }

  date(): Date {
    return new Date(START + this.process.now);
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    if (this.loses()) return () => {};
    let waits = true;
    const over = (): void => {
      if (waits) this.#waiting--;
      waits = false;
    };
    this.#waiting++;
    // Whole milliseconds, as the machine's own: no timer is early.
    const cancel = this.process.after(Math.max(0, Math.ceil(delayMs)), () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}
