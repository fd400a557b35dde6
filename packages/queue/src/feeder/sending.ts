import { toRanges } from '../protocol/id-ranges.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { FeedItem } from './feed-item.js';
import type { Turn } from './turn.js';

/** These items are the consumer's. */
export function send({ state, now }: Turn, consumer: ConsumerRecord, items: readonly FeedItem[]): void {
  if (items.length === 0) return;
  const group = consumer.sent.add(now, idsOf(items), items.length);
  for (const item of items) {
    item.state = 'sent';
    item.holder = consumer;
    item.group = group;
    consumer.heldBytes += item.size;
  }
  consumer.recalled = false;
  consumer.held += items.length;
  state.held += items.length;
}

/** Mostly one range. */
function idsOf(items: readonly FeedItem[]): ReturnType<typeof toRanges> {
  const first = items[0]!.id;
  const last = items.at(-1)!.id;
  let isWhole = last - first === items.length - 1;
  for (let index = 1; isWhole && index < items.length; index++) isWhole = items[index]!.id === first + index;
  return isWhole ? [[first, last]] : toRanges(items.map(({ id }) => id));
}
