/** Version of the messages between a launcher and a slave; a slave of another major version is refused. */
export const CHANNEL_PROTOCOL = 1;

/** How much text of log records, in characters, a slave may send before the launcher grants more. */
export const LOG_CREDIT = 1_048_576;

/** A slave says "alive" at most every so often: often enough for its timeout, seldom enough to cost nothing. */
export function pingIntervalMs(timeoutSeconds: number): number {
  return timeoutSeconds === 0 ? 5000 : Math.min(5000, (timeoutSeconds * 1000) / 3);
}
