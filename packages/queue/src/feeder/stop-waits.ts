/** After so long a stop says what it waits for. */
export const STOP_PATIENCE_MS = 1000;

export interface UnfinishedFeed {
  /** Items that consumers have. */
  readonly held: number;
  /** Items whose outcome the source has not taken. */
  readonly unsettled: number;
  /** The source is being closed. */
  readonly closing: boolean;
}

/** What keeps a feeder from ending, for the log. */
export function describeFeedStop({ held, unsettled, closing }: UnfinishedFeed): string {
  const waits = [
    ...(held > 0 ? [`for ${items(held)} that consumers have`] : []),
    ...(unsettled > 0 ? [`until the source has taken what became of ${items(unsettled)}`] : []),
    ...(closing ? ['until the source is closed'] : []),
  ];
  return `Stopping: waits ${waits.length === 0 ? 'for consumers to disconnect' : waits.join(', and ')}`;
}

function items(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}

/** After so long a source that is full is told of. */
export const PAUSE_PATIENCE_MS = 5000;

export function describeFullSource(unsettled: number): string {
  const seconds = PAUSE_PATIENCE_MS / 1000;
  return `For ${seconds} s no answers are read: the source (success, error) has yet to take what became of ${items(unsettled)}`;
}
