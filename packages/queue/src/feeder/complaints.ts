import type { Clock, Logger } from '@distributed-architecture/core';

const MOST = 100;
const PERIOD_MS = 60_000;

/** Warnings that strangers cause: at most 100 in a minute. */
export class Complaints {
  #count = 0;
  #since = -Infinity;

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  say(message: string): void {
    const now = this.clock.monotonicMs();
    if (this.#since + PERIOD_MS <= now) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count++;
    if (this.#count <= MOST) this.logger.warn(message);
    if (this.#count === MOST) this.logger.warn('More of this is not logged for a minute');
  }
}
