/** The time, as all decisions see it: a test or a simulation passes one that it turns by hand. */
export interface Clock {
  /** Monotonic milliseconds: never set back, unrelated to the time of day. */
  monotonicMs(): number;
  /** The time of day, for people. */
  date(): Date;
  /** Calls `callback` once after `delayMs`; returns the function that cancels it. The timer keeps the program alive. */
  setTimer(delayMs: number, callback: () => void): () => void;
}
