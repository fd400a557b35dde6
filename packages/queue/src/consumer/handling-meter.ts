import { HANDLING_BUCKETS, type HandlingTimes } from '@distributed-architecture/core';

const BOUNDS_MS = HANDLING_BUCKETS.map((seconds) => seconds * 1000);

/** How long the items of a consumer took, since its start. */
export class HandlingMeter {
  readonly #counts = Array.from({ length: BOUNDS_MS.length + 1 }, () => 0);
  #sumMs = 0;

  get times(): HandlingTimes {
    return { counts: [...this.#counts], sum: this.#sumMs / 1000 };
  }

  add(ms: number, count = 1): void {
    this.#sumMs += ms * count;
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && ms > BOUNDS_MS[bucket]!) bucket++;
    this.#counts[bucket]! += count;
  }
}

/** The clock is looked at after so many quick items: that costs more than the smallest ones. */
const LOOK_EVERY = 8;

/** All of several items together took no longer than the first bucket: then each did. */
const TINY_MS = BOUNDS_MS[0]!;

/** Items that take no longer can be measured together. */
const QUICK_MS = TINY_MS / LOOK_EVERY;

/** After one that took longer, so many are measured one by one. */
const SINGLE = 64;

/**
 * Times of the items of one lane, one after another.
 *
 * Quick items are measured eight at a time: that all of them together stay below the first bucket says as much of each.
 * Where they do not, the time is counted as that of one of them, which is right unless several were slow; from then on
 * each item is measured until they are quick again.
 */
export class LaneMeter {
  #since = 0;
  #unmeasured = 0;
  #single = SINGLE;

  constructor(private readonly meter: HandlingMeter) {}

  /** The next item begins after a pause. */
  begin(now: number): void {
    this.#since = now;
  }

  /** Some that have ended are not measured yet. */
  get isBehind(): boolean {
    return this.#unmeasured > 0;
  }

  /** An item has ended. @returns whether the clock has to be looked at */
  settled(): boolean {
    return ++this.#unmeasured >= (this.#single > 0 ? 1 : LOOK_EVERY);
  }

  /** What has ended is measured; the next item begins now. */
  measure(now: number): void {
    const count = this.#unmeasured;
    if (count === 0) return;
    const ms = Math.max(0, now - this.#since);
    this.#since = now;
    this.#unmeasured = 0;
    this.#single = ms <= QUICK_MS * count ? Math.max(0, this.#single - count) : SINGLE;
    if (ms <= TINY_MS) return this.meter.add(ms / count, count);
    if (count > 1) this.meter.add(0, count - 1);
    this.meter.add(ms);
  }
}
