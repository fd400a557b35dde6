import type { Comparison, Metric } from '../harness/benchmark.js';

/** Memory is flat when at the end it is at most so much above what it was after a fifth of the items. */
const FLAT_MB = 10;

/** Of one process: what it had after a fifth of the items, at the end, and the difference. */
export function memoryMetrics(process: string, prefix = ''): Metric[] {
  const keys = memoryKeys(prefix);
  return [
    { key: keys.settled, label: `RSS of the ${process} at 20 %`, unit: 'MB', digits: 1 },
    { key: keys.end, label: `RSS of the ${process} at the end`, unit: 'MB', digits: 1 },
    { key: keys.growth, label: `RSS of the ${process} at the end, over that at 20 %`, unit: 'MB', digits: 1 },
  ];
}

export function flatMemory(contender: string, prefix = ''): Comparison {
  return { metric: memoryKeys(prefix).growth, contender, measure: 'worst', aim: { atMost: FLAT_MB } };
}

/** The values of `memoryMetrics`. */
export function memorySample(settledMb: number, endMb: number, prefix = ''): Record<string, number> {
  const keys = memoryKeys(prefix);
  return { [keys.settled]: settledMb, [keys.end]: endMb, [keys.growth]: endMb - settledMb };
}

function memoryKeys(prefix: string) {
  return { settled: `${prefix}SettledMb`, end: `${prefix}EndMb`, growth: `${prefix}GrowthMb` };
}
