import type { DemandMessage } from '../channel/queue-message.js';
import type { QueueCounts, QueueState } from './queue-state.js';

/** The rate is that of so long. */
const RATE_MS = 10_000;
const SAMPLE_MS = 500;

/** What a master knows of the work of a queue group. */
export interface QueueView {
  readonly group: string;
  /** Items that wait and that no consumer has; of a source that cannot tell at least those that were read. */
  readonly waiting: number;
  /** Items that consumers have. */
  readonly held: number;
  /** Items that were handled, and that failed, since the start of the run. */
  readonly done: number;
  readonly failed: number;
  /** Consumers that are connected. */
  readonly consumers: number;
  /** Items a second that were answered in the last 10 seconds. */
  readonly rate: number;
  /** Estimated seconds until nothing waits any more; undefined: cannot be told. */
  readonly timeToClear: number | undefined;
}

export function countDemand(counts: QueueCounts, demand: DemandMessage, now: number): void {
  counts.demand = demand;
  const { samples } = counts;
  if (now - (samples.at(-1)?.at ?? -Infinity) < SAMPLE_MS) return;
  samples.push({ at: now, answered: answered(counts) });
  while (samples.length > 2 && now - samples[1]!.at >= RATE_MS) samples.shift();
}

/** The feeder is gone: what it has counted stays. */
export function endLife(counts: QueueCounts): void {
  counts.doneBefore += counts.demand?.done ?? 0;
  counts.failedBefore += counts.demand?.failed ?? 0;
  counts.demand = undefined;
}

export function viewOf({ group, counts }: QueueState, now: number): QueueView {
  const { demand, doneBefore, failedBefore } = counts;
  return {
    group,
    waiting: demand?.waiting ?? 0,
    held: demand?.held ?? 0,
    done: doneBefore + (demand?.done ?? 0),
    failed: failedBefore + (demand?.failed ?? 0),
    consumers: demand?.consumers ?? 0,
    rate: rateOf(counts, now),
    timeToClear: demand?.clearMs === undefined ? undefined : demand.clearMs / 1000,
  };
}

function rateOf(counts: QueueCounts, now: number): number {
  const oldest = counts.samples[0];
  if (oldest === undefined || now <= oldest.at) return 0;
  return ((answered(counts) - oldest.answered) * 1000) / (now - oldest.at);
}

function answered({ demand, doneBefore, failedBefore }: QueueCounts): number {
  return doneBefore + failedBefore + (demand?.done ?? 0) + (demand?.failed ?? 0);
}
