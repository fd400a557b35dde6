/** How a process does, as far as it is known: a measure tells only what it has measured. */
export interface ProcessMeasure {
  /** Resident memory in MB. */
  readonly rss?: number;
  /** Processor time as a fraction of one core; more than 1 with several threads. */
  readonly cpu?: number;
  /** How late its event loop was, in milliseconds. */
  readonly lag?: number;
  /** Of a consumer, since the start of its incarnation. */
  readonly items?: ItemCounts;
  /** Of a consumer, since the start of its incarnation. */
  readonly times?: HandlingTimes;
}

/** Of one life of a process. */
export interface MeasuredProcess {
  readonly id: number;
  readonly incarnation: number;
  readonly measure: ProcessMeasure;
}

/** What a consumer knows of its items. */
export type WorkMeasure = Pick<ProcessMeasure, 'items' | 'times'>;

/** What a consumer has done in its present incarnation. */
export interface ItemCounts {
  /** Items that it handles at this moment; 0: idle. */
  readonly busy: number;
  readonly done: number;
  readonly failed: number;
  /** Given back, never begun. */
  readonly released: number;
}

/** How long items took, from their handler's call to its end. */
export interface HandlingTimes {
  /** Items that took no longer than each of HANDLING_BUCKETS, and longer than the one before; the last ones longer than all. */
  readonly counts: readonly number[];
  /** Seconds of all items together. */
  readonly sum: number;
}

/** Seconds. */
export const HANDLING_BUCKETS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300];
