/** Version of the messages between a launcher and a slave; a slave of another major version is refused. */
export const CHANNEL_PROTOCOL = 1;

/** How much text of log records, in characters, a slave may send before the launcher grants more. */
export const LOG_CREDIT = 1_048_576;

/**
 * How much a slave keeps back beyond its credit, in characters; further records are dropped. When it ends, it sends what
 * it has kept whatever its credit, and then an error that may have ended it: a slave of ours never overdraws by more.
 */
export const LOG_BACKLOG = 16_777_216;

/** How often a slave sends its statistics. */
export const STATS_INTERVAL_MS = 5000;

/** A slave says "alive" at most every so often: often enough for its timeout, seldom enough to cost nothing. */
export function pingIntervalMs(timeoutSeconds: number): number {
  return timeoutSeconds === 0 ? 5000 : Math.min(5000, (timeoutSeconds * 1000) / 3);
}
