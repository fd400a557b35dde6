/**
 * From an agent: the slave must hear the next one within so many seconds, else it ends as if its launcher were gone.
 * An agent may be cut off from its master or frozen, and then its work is started elsewhere.
 */
export interface LeaseMessage {
  readonly type: 'lease';
  readonly seconds: number;
  /**
   * When it was sent, by `machineMs`; without it the seconds count from its receipt. So a slave that was blocked tells
   * by the messages that have waited for it whether its launcher still lives.
   */
  readonly sentAt?: number;
  /** The same by the time of day, in milliseconds: while a machine is suspended, monotonic time stands still. */
  readonly date?: number;
}

export function leaseMessage(seconds: number): LeaseMessage {
  return { type: 'lease', seconds, sentAt: machineMs(), date: Date.now() };
}

/** Monotonic milliseconds that all processes of a machine share, unlike those of `performance.now()`. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
