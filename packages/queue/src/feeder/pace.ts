import type { ConsumerRecord, Pace } from './consumer-record.js';

/** Work that `window: auto` keeps with a consumer. */
const WORK_MS = 20;

/** Of the tiniest items less than 20 ms of work is as fast, and what waits outlives no collection of young objects. */
const LARGEST_WINDOW = 2000;

/** A measurement takes at least so long. */
const MEASURE_MS = 2;

/** Weight of the newest measurement. */
const NEWEST = 0.3;

export function works(pace: Pace, now: number): void {
  pace.busySince ??= now;
}

export function idles(pace: Pace, now: number): void {
  if (pace.busySince === undefined) return;
  pace.busyMs += now - pace.busySince;
  pace.busySince = undefined;
}

/**
 * Learns from answers how fast the consumer is, and how much it shall have: 20 ms of work, at least what it handles at
 * once. A window grows at most to the double at a time, for a small one measures the way there and back, not the work.
 */
export function measure(
  consumer: ConsumerRecord,
  { answered, concurrency, auto, now }: { answered: number; concurrency: number; auto: boolean; now: number },
): void {
  const { pace } = consumer;
  pace.answered += answered;
  const elapsed = pace.busyMs + (pace.busySince === undefined ? 0 : now - pace.busySince);
  if (elapsed < MEASURE_MS) return;
  const rate = pace.answered / elapsed;
  pace.rate = pace.rate === undefined ? rate : pace.rate + NEWEST * (rate - pace.rate);
  restart(pace, now);
  if (auto) consumer.window = windowFor(consumer, concurrency);
}

/** It has done nothing for long: what is known of its pace was too good. */
export function slowDown(
  consumer: ConsumerRecord,
  { concurrency, auto, now }: { concurrency: number; auto: boolean; now: number },
): void {
  const { pace } = consumer;
  const elapsed = pace.busyMs + (pace.busySince === undefined ? 0 : now - pace.busySince);
  const rate = (pace.answered + 1) / Math.max(elapsed, MEASURE_MS);
  if (pace.rate !== undefined && pace.rate <= rate) return;
  pace.rate = rate;
  restart(pace, now);
  if (auto) consumer.window = windowFor(consumer, concurrency);
}

function windowFor({ window, pace }: ConsumerRecord, concurrency: number): number {
  const wanted = Math.min(Math.ceil(pace.rate! * WORK_MS), window * 2, LARGEST_WINDOW);
  return Math.max(wanted, concurrency);
}

function restart(pace: Pace, now: number): void {
  pace.answered = 0;
  pace.busyMs = 0;
  if (pace.busySince !== undefined) pace.busySince = now;
}
