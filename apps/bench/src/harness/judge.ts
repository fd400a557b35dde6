import type { Bound, Comparison, FigureResult } from './benchmark.js';
import { summarize, type Summary } from './statistics.js';

export interface Verdict {
  readonly comparison: Comparison;
  readonly value: number;
  /** Undefined when the comparison has no aim. */
  readonly met: boolean | undefined;
}

/** The figure's comparisons, in their order. Throws when one names a contender or metric that was not measured. */
export function judge(result: FigureResult): Verdict[] {
  return result.figure.comparisons.map((comparison) => {
    const value = compare(result, comparison);
    return { comparison, value, met: comparison.aim && holds(value, comparison.aim) };
  });
}

/** Median and spread of one metric of one contender. */
export function summaryOf(result: FigureResult, contender: string, metric: string): Summary {
  const values = result.samples.get(contender)?.map((sample) => sample[metric]) ?? [];
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) {
    throw new Error(`${result.figure.name}: ${contender} did not measure ${metric}`);
  }
  return summarize(values);
}

function compare(result: FigureResult, { contender, metric, measure, against }: Comparison): number {
  const own = summaryOf(result, contender, metric);
  if (measure === 'value') return own.median;
  if (measure === 'worst') return own.max;
  if (!against) throw new Error(`${result.figure.name}: a ${measure} needs a contender to compare with`);
  const other = summaryOf(result, against, metric);
  return measure === 'ratio' ? own.median / other.median : own.median - other.median;
}

/** NaN (0 / 0) meets nothing. */
function holds(value: number, bound: Bound): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}
