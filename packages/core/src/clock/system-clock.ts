import type { Clock } from './clock.js';

/** setTimeout fires at once for longer delays (2^31 - 1 ms: 24.8 days), so they are cut; deadlines are checked again anyway. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The machine's own clock.
 *
 * Its timers let what has arrived be read first: a program that was stopped (Ctrl-Z) or blocked for a while must not
 * take the silence of that time for that of its processes.
 */
export class SystemClock implements Clock {
  monotonicMs(): number {
    return performance.now();
  }

  date(): Date {
    return new Date();
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    if (delayMs <= 0) return soon(callback);
    let reading: NodeJS.Immediate | undefined;
    const afterReading = (): void => {
      reading = setImmediate(callback);
    };
    const timer = setTimeout(afterReading, Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_TIMER_MS));
    return () => {
      clearTimeout(timer);
      clearImmediate(reading);
    };
  }
}

/** After what has arrived was read, a millisecond before any timer. */
function soon(callback: () => void): () => void {
  const immediate = setImmediate(callback);
  return () => clearImmediate(immediate);
}
