import type { ConsumerRecord } from './consumer-record.js';
import type { FeedState } from './feed-state.js';
import { idles, works } from './pace.js';
import type { Turn } from './turn.js';

/** Unanswered bytes that a consumer may have, or a single larger item. */
const WINDOW_BYTES = 1_048_576;

/** A consumer that has enough to do gets more when this share of its window is free: few large frames, not many small ones. */
const REFILL_SHARE = 8;

export function isConnected({ link }: ConsumerRecord): boolean {
  return link?.phase === 'open';
}

/** Counts anew what a consumer may get. After every change of what it has, or of its connection. */
export function refresh({ state, now }: Turn, consumer: ConsumerRecord): void {
  const room = roomOf(state, consumer);
  if (room !== consumer.room) {
    state.room += room - consumer.room;
    if (room === 0) state.open.delete(consumer);
    else if (consumer.room === 0) state.open.add(consumer);
    consumer.room = room;
  }
  refreshIdle(state, consumer, now);
}

/** It gets nothing more until something of it changes. */
export function shut(state: FeedState, consumer: ConsumerRecord): void {
  state.room -= consumer.room;
  state.open.delete(consumer);
  consumer.room = 0;
}

/** Whether so many more bytes are not too many. */
export function fits(consumer: ConsumerRecord, bytes: number): boolean {
  return consumer.heldBytes + bytes <= WINDOW_BYTES;
}

function roomOf(state: FeedState, consumer: ConsumerRecord): number {
  if (!mayGet(consumer)) return 0;
  const window = Math.min(consumer.window, itemsIn(WINDOW_BYTES, state));
  const free = Math.min(consumer.window - consumer.held, freeByBytes(state, consumer));
  if (free <= 0) return 0;
  const isBusy = consumer.held >= state.settings.concurrency;
  return isBusy && free * REFILL_SHARE < window ? 0 : free;
}

function mayGet(consumer: ConsumerRecord): boolean {
  return isConnected(consumer) && !consumer.link!.choked && !consumer.leaving && consumer.overdue.size === 0;
}

function freeByBytes(state: FeedState, { held, heldBytes }: ConsumerRecord): number {
  const bytes = WINDOW_BYTES - heldBytes;
  if (bytes <= 0) return held === 0 ? 1 : 0;
  return itemsIn(bytes, state);
}

/** About so many items are so many bytes; at least one. */
function itemsIn(bytes: number, { averageSize }: FeedState): number {
  return averageSize <= 1 ? Infinity : Math.ceil(bytes / averageSize);
}

function refreshIdle(state: FeedState, consumer: ConsumerRecord, now: number): void {
  if (consumer.held === 0) idles(consumer.pace, now);
  else works(consumer.pace, now);
  const isIdle = consumer.held === 0 && isConnected(consumer) && !consumer.leaving && consumer.overdue.size === 0;
  if (!isIdle) {
    state.idle.delete(consumer);
  } else if (!state.idle.has(consumer)) {
    consumer.idleSince = now;
    state.idle.add(consumer);
  }
}
