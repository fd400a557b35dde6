import type { Scope } from './scope.js';

/** What one run of a contender measured: metric key to value, in the metric's unit. */
export type Sample = Readonly<Record<string, number>>;

/** Measures once. What it starts is registered with the scope, which is closed after the round. */
export type MeasureRound = (round: Scope) => Promise<Sample>;

/** Somebody who is measured: ours, a peer, or the bare way of doing it. */
export interface Contender {
  readonly name: string;
  /** How often a round may be tried until it succeeds: a peer that fails must not spoil the run. Default 1. */
  readonly attempts?: number;
  /** Sets up what all rounds share (a daemon, for instance); it lives until the figure's scope is closed. */
  open(figure: Scope): Promise<MeasureRound>;
}

export interface Metric {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** Digits after the point; default 0. */
  readonly digits?: number;
}

/** A bound that holds for the compared value itself, equality included. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** One statement about the medians. With an aim it can be missed; without one it only informs. */
export interface Comparison {
  readonly metric: string;
  readonly contender: string;
  /**
   * - `ratio`: contender / against
   * - `difference`: contender - against, in the metric's unit
   * - `value`: the contender's own median
   * - `worst`: the largest of the contender's samples, for what must never happen
   */
  readonly measure: 'ratio' | 'difference' | 'value' | 'worst';
  /** Needed by `ratio` and `difference`. */
  readonly against?: string;
  readonly aim?: Bound;
}

/** A set of contenders that are measured in turns, and what is expected of them. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** Rounds when the command line names no number. */
  readonly rounds: number;
  readonly contenders: readonly Contender[];
  readonly metrics: readonly Metric[];
  readonly comparisons: readonly Comparison[];
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** Packages whose versions belong to the result. */
  readonly packages: readonly string[];
}

/** All that was measured for one figure: contender name to its samples, one a round. */
export interface FigureResult {
  readonly figure: Figure;
  readonly rounds: number;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}
