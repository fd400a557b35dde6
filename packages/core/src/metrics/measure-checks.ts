import { isAmount, isInteger, isRecord } from '../channel/checks.js';
import { HANDLING_BUCKETS } from './process-measure.js';

type Fields = Record<string, unknown>;

/** Whether what it says of items and their times, if anything, can be believed. */
export function isWorkMeasure({ items, times }: Fields): boolean {
  return (items === undefined || isItemCounts(items)) && (times === undefined || isHandlingTimes(times));
}

export function isProcessMeasure(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const amounts = [value.rss, value.cpu, value.lag];
  return amounts.every((each) => each === undefined || isAmount(each)) && isWorkMeasure(value);
}

function isItemCounts(value: unknown): boolean {
  return isRecord(value) && [value.busy, value.done, value.failed, value.released].every(isInteger);
}

function isHandlingTimes(value: unknown): boolean {
  if (!isRecord(value) || !isAmount(value.sum) || !Array.isArray(value.counts)) return false;
  return value.counts.length === HANDLING_BUCKETS.length + 1 && value.counts.every(isInteger);
}
