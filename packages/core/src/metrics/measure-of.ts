import type { StatsMessage } from '../channel/slave-message.js';
import type { ProcessMeasure } from './process-measure.js';

const MB = 1_048_576;

/** What a slave tells of itself. */
export function measureOf({ rss, cpu, lag, items, times }: StatsMessage): ProcessMeasure {
  return { rss: megabytes(rss), cpu, lag, ...(items && { items }), ...(times && { times }) };
}

/** To a tenth. */
export function megabytes(bytes: number): number {
  return Math.round((bytes / MB) * 10) / 10;
}
