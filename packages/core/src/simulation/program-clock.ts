import type { Clock } from '../clock/clock.js';
import type { SimProcess } from './machine.js';
import type { World } from './world.js';

/** A monotonic clock begins anywhere. */
const OFFSET = 5_000_000;

const START = Date.UTC(2026, 0, 1);

/** The time as a simulated program sees it: it stands still for none, but a frozen program learns of it late. */
export class ProgramClock implements Clock {
  constructor(
    private readonly world: World,
    private readonly process: SimProcess,
  ) {}

  monotonicMs(): number {
    return OFFSET + this.world.now * this.process.machine.rate;
  }

  date(): Date {
    return new Date(START + this.world.now);
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    if (this.world.loses('wake-ups-lost')) return () => {};
    return this.process.after(delayMs / this.process.machine.rate, () => {
      this.world.unsettled = true;
      callback();
    });
  }
}
