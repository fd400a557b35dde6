import type { Clock } from './clock.js';

/**
 * One timer for all deadlines. Deadlines mostly move away (each sign of life does that), so a timer that is early
 * enough is left alone: when it rings, the true deadline is looked up and the timer set again.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at = Infinity;
  #cancel = (): void => {};

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param at monotonic milliseconds; Infinity: no alarm */
  set(at: number): void {
    if (at >= this.#at) return;
    this.cancel();
    this.#at = at;
    this.#cancel = this.#clock.setTimer(at - this.#clock.monotonicMs(), () => {
      this.#at = Infinity;
      this.#ring();
    });
  }

  cancel(): void {
    this.#cancel();
    this.#at = Infinity;
  }
}
