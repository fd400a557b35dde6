import type { Clock } from './clock.js';

/** setTimeout fires at once for longer delays (2^31 - 1 ms: 24.8 days), so they are cut; deadlines are checked again anyway. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's own clock. */
export class SystemClock implements Clock {
  monotonicMs(): number {
    return performance.now();
  }

  date(): Date {
    return new Date();
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }
}
