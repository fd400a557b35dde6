import { suppose } from './answers.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { FeedItem } from './feed-item.js';
import type { FeedState } from './feed-state.js';
import { fits, refresh, shut } from './room.js';
import { send } from './sending.js';
import { fairShares } from './shares.js';
import type { Turn } from './turn.js';

/** How long a consumer may sit on items while others have nothing to do. */
const BALANCE_AFTER_MS = 200;

/** Gives what is ready to who has room: to those that have nothing first, and evenly. */
export function handOut(turn: Turn): void {
  const { state } = turn;
  if (state.phase !== 'feeding') return;
  while (state.ready.length > 0 && state.open.size > 0) {
    for (const [consumer, count] of sharesOf(state)) give(turn, consumer, count);
  }
  if (state.balanceAt === Infinity && state.idle.size > 0 && state.held > 0) {
    state.balanceAt = turn.now + BALANCE_AFTER_MS / 2;
    turn.wakeBy(state.balanceAt);
  }
}

/** Consumers that have sat on items for long while others have nothing. */
export function unbalanced({ idle, consumers, ready }: FeedState, now: number): ConsumerRecord[] {
  if (idle.size === 0 || ready.length > 0) return [];
  return [...consumers.values()].filter(
    ({ sent }) => sent.first !== undefined && sent.first.at + BALANCE_AFTER_MS <= now,
  );
}

function sharesOf(state: FeedState): Iterable<readonly [ConsumerRecord, number]> {
  const { ready, open, idle } = state;
  const [only] = open;
  if (open.size === 1) return [[only!, Math.min(only!.room, ready.length)]];
  const free = [...idle].filter((consumer) => consumer.room > 0);
  // On demand consumers leave when they have had nothing for long: then who worked last works again.
  if (state.settings.maxIdleMs > 0) free.reverse();
  // Who sits behind a slow item would only be called back again.
  free.sort((one, other) => Number(one.returned) - Number(other.returned));
  if (ready.length <= free.length) return free.slice(0, ready.length).map((consumer) => [consumer, 1] as const);
  return fairShares([...open], ready.length);
}

function give(turn: Turn, consumer: ConsumerRecord, count: number): void {
  const items = take(turn.state, consumer, count);
  // The next one is too large beside what it has.
  if (items.length === 0) return shut(turn.state, consumer);
  const begun = begunBySending(turn, consumer, items.length);
  send(turn, consumer, items);
  if (begun > 0) suppose(turn, consumer, items.slice(0, begun));
  const link = consumer.link!;
  link.saidAt = turn.now;
  turn.do({ type: 'say-items', link: link.number, items, begun });
  refresh(turn, consumer);
}

/** A consumer that has nothing begins at once: to say so would cost it, and us, as much as an item. */
function begunBySending({ state }: Turn, consumer: ConsumerRecord, count: number): number {
  const { held, announces, hesitates } = consumer;
  return held > 0 || announces || hesitates ? 0 : Math.min(state.settings.concurrency, count);
}

function take({ ready }: FeedState, consumer: ConsumerRecord, count: number): FeedItem[] {
  const items: FeedItem[] = [];
  let bytes = 0;
  while (items.length < count) {
    const next = ready.peek();
    if (next === undefined) break;
    bytes += next.size;
    if (consumer.held + items.length > 0 && !fits(consumer, bytes)) break;
    items.push(ready.shift()!);
  }
  return items;
}
