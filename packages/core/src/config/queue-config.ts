/** How items are handed out in a queue group. All defaults are filled in. Times are seconds. Read-only. */
export interface QueueConfig {
  /** Items that one consumer handles at once. */
  readonly concurrency: number;
  /** Unanswered items that one consumer may hold; `auto`: about 20 ms of work, at least `concurrency`. */
  readonly window: number | 'auto';
  /** Bytes above which an item is an error. */
  readonly maxItemSize: number;
  /** Time after which an item that is handled is an error; 0: never. */
  readonly itemTimeout: number;
  /** Time that a timed out item has to let go before its consumer is killed. */
  readonly abortGrace: number;
  /** Time after which an empty feeder is asked again. */
  readonly pollInterval: number;
  /** Time in which waiting items are to be cleared; what takes longer starts consumers on demand. */
  readonly targetLatency: number;
  /** How many consumers run, where that depends on the work; undefined: always the same number. */
  readonly onDemand?: OnDemandConfig;
}

/** Bounds of consumers on demand. */
export interface OnDemandConfig {
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Seconds without an item after which a consumer may go; 0: never. */
  readonly maxIdleTime: number;
}
