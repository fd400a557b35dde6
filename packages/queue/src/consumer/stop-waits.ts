import type { ConsumerState } from './consumer-state.js';

/** After so long a stop says what it waits for. */
export const STOP_PATIENCE_MS = 1000;

const MOST_NAMED = 10;

/** What keeps a consumer from ending, for the log. */
export function describeConsumerStop({ running, runningCount, book, phase }: ConsumerState): string {
  const waits = [
    ...(runningCount > 0 ? [`for ${named(running.flatMap((item) => item?.id ?? []))}`] : []),
    ...(book.isEmpty ? [] : ['until the feeder has confirmed its answers']),
    ...(phase === 'lost' || phase === 'connecting' ? ['for the connection to the feeder'] : []),
  ];
  return `Stopping: waits ${waits.length === 0 ? 'for the feeder to disconnect' : waits.join(', and ')}`;
}

function named(ids: readonly string[]): string {
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  const list = `${ids.slice(0, MOST_NAMED).join(', ')}${more}`;
  return ids.length === 1 ? `item ${list}, which is being handled` : `items ${list}, which are being handled`;
}
