import type { ItemLedger } from './item-ledger.js';

/** From the start of a reload until it was over. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Throughput {
  /** Items a second in the time before the reload. */
  readonly before: number;
  /** The worst second of the reload of the consumers. */
  readonly lowest: number;
  /** In which no item was handled, while the feeder was replaced; 0: it was not. */
  readonly feederGapMs: number;
}

/** The length of a window, and by how much it is moved on. */
const WINDOW_MS = 1000;
const STEP_MS = 10;

/** @param beforeMs of what was before the reload: how much counts */
export function judgeThroughput(ledger: ItemLedger, reload: Span, beforeMs: number): Throughput {
  const times = Float64Array.from(ledger.handled, ({ atMs }) => atMs).sort();
  const consumersEndMs = endOfConsumers(ledger, reload);
  return {
    before: countIn(times, reload.startMs - beforeMs, reload.startMs) / (beforeMs / 1000),
    lowest: lowestIn(times, reload.startMs, consumersEndMs) / (WINDOW_MS / 1000),
    feederGapMs: feederGap(ledger, times, reload),
  };
}

/** The feeder is replaced last: it takes nothing over any more when its stop begins. */
function endOfConsumers(ledger: ItemLedger, reload: Span): number {
  const [former] = formerAndSuccessor(ledger, reload) ?? [];
  return former ?? reload.endMs;
}

function feederGap(ledger: ItemLedger, times: Float64Array, reload: Span): number {
  const feeders = formerAndSuccessor(ledger, reload);
  if (!feeders) return 0;
  const first = firstFrom(times, feeders[1]);
  if (first === 0 || first === times.length) return NaN;
  return times[first]! - times[first - 1]!;
}

/** The last claim of the feeder that was replaced, and the first one of that which came. */
function formerAndSuccessor({ feeders }: ItemLedger, { startMs }: Span): [number, number] | undefined {
  const claims = feeders.map((feeder) => feeder.claims).filter(({ length }) => length > 0);
  const successor = claims.findIndex(([first], index) => index > 0 && first!.atMs > startMs);
  return successor < 0 ? undefined : [claims[successor - 1]!.at(-1)!.atMs, claims[successor]![0]!.atMs];
}

/** A reload shorter than a window has one. */
function lowestIn(times: Float64Array, startMs: number, endMs: number): number {
  let lowest = Infinity;
  for (let from = startMs; from === startMs || from + WINDOW_MS <= endMs; from += STEP_MS) {
    lowest = Math.min(lowest, countIn(times, from, from + WINDOW_MS));
  }
  return lowest;
}

function countIn(times: Float64Array, fromMs: number, untilMs: number): number {
  return firstFrom(times, untilMs) - firstFrom(times, fromMs);
}

/** Index of the first time that is not before a moment. */
function firstFrom(times: Float64Array, moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
