import type { IdRanges } from '../protocol/feed-message.js';
import { RangeBuilder } from '../protocol/range-builder.js';
import { ItemFailedError, type ItemFailure } from '../source/item-errors.js';
import type { Claimed, FailedItem } from '../source/item-source.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { OutcomeBatch } from './feed-event.js';
import { isBegun, type FeedItem } from './feed-item.js';
import { type FeedState, forgetUnneeded } from './feed-state.js';
import { isConnected } from './room.js';
import type { Turn } from './turn.js';

/** More unsettled outcomes than that, and the feeder reads no more answers. */
const MOST_UNSETTLED = 10_000;

/** After a pause of reading answers have to be read before time-outs count again. */
const PATIENCE_MS = 1000;

/** Items that end together; each outcome of an item goes through here, once. */
export class Outcomes {
  readonly #done: Claimed[] = [];
  readonly #doneIds = new RangeBuilder();
  readonly #failed: FailedItem[] = [];
  readonly #failedIds = new RangeBuilder();

  constructor(
    private readonly turn: Turn,
    /** Whom to confirm them to; undefined: nobody. */
    private readonly to: ConsumerRecord | undefined,
  ) {}

  /** @param item that a consumer has */
  complete(item: FeedItem): void {
    takeFromHolder(this.turn.state, item);
    item.state = 'answered';
    this.#done.push(item.claimed);
    this.#doneIds.add(item.id);
  }

  /** @param item that a consumer has */
  fail(item: FeedItem, failure: ItemFailure): void {
    takeFromHolder(this.turn.state, item);
    item.state = 'answered';
    this.#failed.push({ claimed: item.claimed, reason: new ItemFailedError(failure) });
    this.#failedIds.add(item.id);
  }

  /** Tells the source. @returns how many items have ended */
  tell(): number {
    const ended = this.#done.length + this.#failed.length;
    if (this.#done.length > 0) {
      this.turn.state.done += this.#done.length;
      this.#send({ outcome: 'complete', ids: this.#doneIds.take(), items: this.#done, failed: [] });
    }
    if (this.#failed.length > 0) {
      this.turn.state.failed += this.#failed.length;
      this.#send({ outcome: 'fail', ids: this.#failedIds.take(), items: [], failed: this.#failed });
    }
    return ended;
  }

  #send(batch: Omit<OutcomeBatch, 'to'>): void {
    if (this.to !== undefined) this.to.unsettled++;
    tellSource(this.turn, { ...batch, to: this.to });
  }
}

/** Items that were never numbered. */
export function failUnsent(turn: Turn, failed: readonly FailedItem[]): void {
  if (failed.length === 0) return;
  turn.state.failed += failed.length;
  tellSource(turn, { outcome: 'fail', to: undefined, ids: [], items: [], failed });
}

/** What no consumer has begun goes back. */
export function releaseAll(turn: Turn): void {
  const items = turn.state.ready.takeAll();
  const ids = new RangeBuilder();
  for (const { id } of items) ids.add(id);
  turn.state.released += items.length;
  tellSource(turn, {
    outcome: 'release',
    to: undefined,
    ids: ids.take(),
    items: items.map(({ claimed }) => claimed),
    failed: [],
  });
}

/** The source has taken outcomes, or thrown. */
export function onSettled(turn: Turn, batch: OutcomeBatch, problem: string | undefined): void {
  const { state } = turn;
  if (problem !== undefined) turn.log('error', problem);
  state.unsettled -= sizeOf(batch);
  forget(state, batch.ids);
  if (batch.to !== undefined) confirmTo(state, batch.to, batch.ids);
  if (!state.readingPaused || state.unsettled > MOST_UNSETTLED / 2) return;
  state.readingPaused = false;
  state.patientUntil = turn.now + PATIENCE_MS;
  turn.wakeBy(state.patientUntil);
  for (const link of state.links.values()) link.heardAt = turn.now;
  turn.do({ type: 'resume-reading' });
}

/** The consumer may forget these answers. */
export function confirm(state: FeedState, consumer: ConsumerRecord, first: number, last: number): void {
  consumer.confirms.addRange(first, last);
  state.confirming.add(consumer);
}

/** Says what was gathered; to a consumer that is away nothing: its next hello lists what it does not know. */
export function sayConfirms(turn: Turn): void {
  for (const consumer of turn.state.confirming) {
    const ids = consumer.confirms.take();
    if (isConnected(consumer)) turn.say(consumer.link!, { type: 'confirm', ids });
  }
  turn.state.confirming.clear();
}

/** It holds the item no more. */
export function takeFromHolder(state: FeedState, item: FeedItem): void {
  const holder = item.holder!;
  if (isBegun(item)) {
    holder.begun.leave(item.group!);
    holder.times.end(item.id);
  } else {
    holder.sent.leave(item.group!);
  }
  item.group = undefined;
  holder.held--;
  holder.heldBytes -= item.size;
  state.held--;
}

/** It goes to the next consumer that has room, before what was never sent. */
export function handBack(turn: Turn, item: FeedItem): void {
  takeFromHolder(turn.state, item);
  item.state = 'ready';
  item.holder = undefined;
  item.readyAt = Math.floor(turn.now);
  turn.state.ready.addReturned(item);
}

function tellSource(turn: Turn, batch: OutcomeBatch): void {
  const { state } = turn;
  state.unsettled += sizeOf(batch);
  turn.do({ type: 'tell-source', batch });
  if (state.readingPaused || state.unsettled <= MOST_UNSETTLED) return;
  state.readingPaused = true;
  turn.do({ type: 'pause-reading' });
}

function sizeOf({ items, failed }: OutcomeBatch): number {
  return items.length + failed.length;
}

function forget(state: FeedState, ids: IdRanges): void {
  for (const [first, last] of ids) {
    for (let id = first; id <= last; id++) {
      if (state.settings.adopts) forgetKey(state, id);
      state.items.delete(id);
    }
  }
}

function forgetKey(state: FeedState, id: number): void {
  const key = state.items.get(id)?.claimed.key;
  if (key !== undefined) state.adopted.delete(key);
}

function confirmTo(state: FeedState, to: { id: number; incarnation: number }, ids: IdRanges): void {
  const consumer = state.consumers.get(to.id);
  if (consumer?.incarnation !== to.incarnation) return;
  consumer.unsettled--;
  for (const [first, last] of ids) confirm(state, consumer, first, last);
  forgetUnneeded(state, consumer);
}
