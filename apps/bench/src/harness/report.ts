import type { Benchmark, FigureResult } from './benchmark.js';
import { judge, summaryOf, type Verdict } from './judge.js';
import type { Machine } from './machine.js';
import type { Sample } from './benchmark.js';
import type { Summary } from './statistics.js';

export interface FigureReport {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly contenders: readonly ContenderReport[];
  readonly comparisons: readonly Verdict[];
}

export interface ContenderReport {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** By metric key. */
  readonly summaries: Readonly<Record<string, Summary>>;
}

/** All of a run, as `--json` prints it. */
export interface Report {
  readonly benchmark: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly figures: readonly FigureReport[];
  /** False when any aim was missed. */
  readonly met: boolean;
}

export interface RunFacts {
  readonly benchmark: Benchmark;
  readonly machine: Machine;
  readonly date: Date;
  readonly seconds: number;
}

export function buildReport(results: readonly FigureResult[], { benchmark, machine, date, seconds }: RunFacts): Report {
  const figures = results.map(reportFigure);
  const met = figures.every(({ comparisons }) => comparisons.every((verdict) => verdict.met !== false));
  return { benchmark: benchmark.name, date: date.toISOString(), seconds, machine, figures, met };
}

function reportFigure(result: FigureResult): FigureReport {
  const { name, title, metrics } = result.figure;
  const contenders = [...result.samples].map(([contender, samples]) => ({
    name: contender,
    samples,
    summaries: Object.fromEntries(metrics.map(({ key }) => [key, summaryOf(result, contender, key)])),
  }));
  return { name, title, rounds: result.rounds, contenders, comparisons: judge(result) };
}
