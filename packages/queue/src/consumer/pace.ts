/** How much work is announced at once, in milliseconds. */
const AIM_MS = 1;

/** At most so many items are announced and not begun. */
const MAX_AHEAD = 512;

/** No item takes less. */
const LEAST_ITEM_MS = 0.0001;

/**
 * How long items take, so that tiny ones are announced many at a time and slow ones one by one. When items get slower
 * it is believed at once; when they get faster the number doubles from one time to the next.
 */
export class Pace {
  /** How long one item takes, in the lane where it is handled. */
  #itemMs = AIM_MS;
  #since = 0;
  #settled = 0;

  constructor(private readonly concurrency: number) {}

  /** Work begins after a pause. */
  begin(now: number): void {
    this.#since = now;
    this.#settled = 0;
  }

  settled(): void {
    this.#settled++;
  }

  /** @param running how many items are being handled */
  measure(now: number, running: number): void {
    const elapsedMs = now - this.#since;
    if (this.#settled === 0) return;
    // Little's law: so many at a time, so many done in that time.
    const lanes = Math.min(this.concurrency, this.#settled + running);
    this.#itemMs = Math.max((elapsedMs * lanes) / this.#settled, this.#itemMs / 2, LEAST_ITEM_MS);
    this.begin(now);
  }

  /** How many items all lanes together handle within about a millisecond. */
  get ahead(): number {
    return Math.min(MAX_AHEAD, Math.floor((AIM_MS * this.concurrency) / this.#itemMs));
  }
}
