import type { Answers, IdRanges } from '../protocol/feed-message.js';
import { toRanges } from '../protocol/id-ranges.js';
import type { ConsumerRecord } from './consumer-record.js';
import { isBegun, type FeedItem } from './feed-item.js';
import { confirm, handBack, Outcomes } from './outcomes.js';
import { measure } from './pace.js';
import { refresh } from './room.js';
import type { Turn } from './turn.js';

/** The consumer is about to begin these. */
export function onBegun(turn: Turn, consumer: ConsumerRecord, ids: IdRanges): void {
  const begun: FeedItem[] = [];
  consumer.hesitates = false;
  for (const [first, last] of ids) {
    for (let id = first; id <= last; id++) {
      const item = turn.state.items.get(id);
      if (item?.holder !== consumer) continue;
      if (item.state === 'sent') begun.push(item);
      // Its time counts from the sending.
      if (item.state === 'supposed') item.state = 'begun';
    }
  }
  begin(turn, consumer, begun, ids);
}

/** @param ids of the items, and maybe of others */
export function begin(turn: Turn, consumer: ConsumerRecord, items: readonly FeedItem[], ids: IdRanges): void {
  if (items.length === 0) return;
  const group = consumer.begun.add(turn.now, ids, items.length);
  for (const item of items) {
    consumer.sent.leave(item.group!);
    item.state = 'begun';
    item.group = group;
  }
  if (consumer.sent.first === undefined) consumer.recalled = false;
  if (turn.state.settings.itemTimeoutMs === 0) return;
  for (const { id } of items) consumer.times.announce(id);
  startTimes(turn, consumer);
}

/** These were just sent to a consumer that has nothing else: it begins them when they come. */
export function suppose(turn: Turn, consumer: ConsumerRecord, items: readonly FeedItem[]): void {
  begin(turn, consumer, items, toRanges(items.map(({ id }) => id)));
  for (const item of items) item.state = 'supposed';
}

/** Who handles fewer items than it can at once is at the next of those that it has announced. */
export function startTimes(turn: Turn, consumer: ConsumerRecord): void {
  const { items, settings } = turn.state;
  if (settings.itemTimeoutMs === 0) return;
  const runs = (id: number): boolean => {
    const item = items.get(id);
    return item?.holder === consumer && isBegun(item);
  };
  const lanes = settings.concurrency - consumer.overdue.size;
  if (consumer.times.start(lanes, turn.now, runs)) turn.wakeBy(turn.now + settings.itemTimeoutMs);
}

/** What it had announced and has not begun: it is as if it had just been sent. */
export function unbegin(turn: Turn, consumer: ConsumerRecord, items: readonly FeedItem[]): void {
  if (items.length === 0) return;
  const group = consumer.sent.add(turn.now, toRanges(items.map(({ id }) => id)), items.length);
  for (const item of items) {
    consumer.begun.leave(item.group!);
    consumer.times.end(item.id);
    item.state = 'sent';
    item.group = group;
  }
}

/** The answers of one read. */
export class HeardAnswers {
  readonly #outcomes: Outcomes;

  constructor(
    private readonly turn: Turn,
    private readonly consumer: ConsumerRecord,
  ) {
    this.#outcomes = new Outcomes(turn, consumer);
  }

  /** The first outcome of an item wins. */
  add({ done, failed, back }: Answers): void {
    const { turn, consumer } = this;
    const { items } = turn.state;
    for (const [first, last] of done) {
      for (let id = first; id <= last; id++) {
        const item = items.get(id);
        if (item !== undefined && isHeldBy(item, consumer)) this.#outcomes.complete(item);
        else refuse(turn, consumer, item, id);
      }
    }
    for (const [id, error] of failed) {
      const item = items.get(id);
      if (item !== undefined && isHeldBy(item, consumer)) this.#outcomes.fail(item, { kind: 'error', ...error });
      else refuse(turn, consumer, item, id);
    }
    takeBack(turn, consumer, back);
  }

  /** Tells the source, and counts anew what the consumer may get. */
  end(): void {
    const { state, now } = this.turn;
    const { concurrency, window } = state.settings;
    const answered = this.#outcomes.tell();
    if (answered > 0) this.consumer.returned = false;
    measure(this.consumer, { answered, concurrency, auto: window === 'auto', now });
    startTimes(this.turn, this.consumer);
    refresh(this.turn, this.consumer);
  }
}

/** What it has not begun, though it may have announced it. */
function takeBack(turn: Turn, consumer: ConsumerRecord, back: IdRanges): void {
  if (back.length === 0) return;
  consumer.returned ||= consumer.recalled;
  consumer.recalled = false;
  for (const [first, last] of back) {
    for (let id = first; id <= last; id++) {
      const item = turn.state.items.get(id);
      if (item !== undefined && isHeldBy(item, consumer)) {
        consumer.hesitates ||= item.state === 'supposed';
        handBack(turn, item);
      }
      letGo(consumer, id);
    }
    confirm(turn.state, consumer, first, last);
  }
}

/** Its outcome is known, or it is another's: the consumer may forget it. */
function refuse({ state }: Turn, consumer: ConsumerRecord, item: FeedItem | undefined, id: number): void {
  // Said twice, for the consumer was not told: the source takes it just now.
  if (item?.state === 'answered' && item.holder === consumer && !consumer.overdue.has(id)) return;
  letGo(consumer, id);
  confirm(state, consumer, id, id);
}

/** It has ended what has timed out. */
export function letGo(consumer: ConsumerRecord, id: number): void {
  if (consumer.overdue.delete(id) && consumer.overdue.size === 0) consumer.killAt = Infinity;
}

function isHeldBy(item: FeedItem, consumer: ConsumerRecord): boolean {
  return item.holder === consumer && item.state !== 'answered';
}
