/*
 * The life of an item in its consumer. What is done for single items is a function here, not an event: there are a
 * million of them a second.
 *
 *   queue --announced--> pending --it has left this process--> ready --begun--> running --settled--> answered --confirmed--> forgotten
 *     ^                     |                                    | ^
 *     +--- closed ----------+------------------------------------+ +--- came as begun
 *                                                                +--- recall, abort, stop, stale: given back, an answer
 *
 * So what is not announced was surely never begun, and what was announced over a connection that ends is announced again.
 * What comes to a consumer that has nothing counts as announced by the feeder, which saves that message.
 */
import type { IdRanges, WireError } from '../protocol/feed-message.js';
import { forEachId } from '../protocol/id-ranges.js';
import { BegunItem } from './begun-item.js';
import type { ConsumerState } from './consumer-state.js';
import type { Batch } from './item-queue.js';

/** What was announced and is not begun so much later waits behind a slow item: it is given back, for others and for its own time-out. */
export const STALE_MS = 20;

/** @param begun so many of them may begin at once: the feeder knows that they will */
export function takeBatch(
  state: ConsumerState,
  { batch, begun, now }: { batch: Batch; begun: number; now: number },
): void {
  if (begun > 0 && !state.settings.guarded) {
    const from = batch.from + begun;
    mayBegin(state, now);
    state.ready.push({ ...batch, to: from });
    batch.from = from;
  }
  if (batch.from < batch.to) state.queue.push(batch);
}

/** Begins the next item that may. @returns undefined: there is none */
export function beginNext(state: ConsumerState, lane: number): BegunItem | undefined {
  const batch = state.ready.front();
  if (batch === undefined) return undefined;
  const { first, attempt, items, from } = batch;
  state.ready.drop();
  const item = new BegunItem(first + from, attempt, items[from], state.settings.logger);
  state.running[lane] = item;
  state.runningCount++;
  return item;
}

/** @param error undefined: it was handled */
export function settle(state: ConsumerState, lane: number, error: WireError | undefined): void {
  const item = state.running[lane]!;
  state.running[lane] = undefined;
  state.runningCount--;
  state.pace.settled();
  state[error === undefined ? 'done' : 'failed']++;
  const { number, farewell } = item;
  if (farewell !== undefined) {
    farewell.running--;
    farewell[error === undefined ? 'done' : 'failed'].add(number);
  } else if (error === undefined) state.book.done(number);
  else state.book.failed(number, error);
}

/**
 * How many items to announce now: when lanes are free, as many as all of them handle within about a millisecond. Where
 * announcements take a while to leave (TLS), tiny items are announced while the chunk before is handled.
 */
export function announceable(state: ConsumerState): number {
  const { queue, pending, ready, pace, runningCount, settings } = state;
  if (queue.count === 0 || pending.count > 0) return 0;
  const { ahead } = pace;
  const free = settings.concurrency - runningCount;
  if (free > ready.count) return Math.min(queue.count, Math.max(free, ahead - runningCount) - ready.count);
  const early = state.flushesLate && ahead > settings.concurrency && ready.count <= ahead;
  return early ? Math.min(queue.count, ahead) : 0;
}

/** @returns the numbers to announce */
export function announce(state: ConsumerState, count: number): IdRanges {
  state.queue.moveTo(state.pending, count);
  return state.pending.ids();
}

/** The announcement has left this process. */
export function flushed(state: ConsumerState, late: boolean, now: number): void {
  state.flushesLate = late;
  mayBegin(state, now);
  state.pending.moveTo(state.ready, Infinity);
}

function mayBegin(state: ConsumerState, now: number): void {
  if (state.ready.count === 0 && state.runningCount === 0) state.pace.begin(now);
  state.readySince = now;
}

/** The connection is gone, and whether the announcement arrived is not known. */
export function takeBackAnnounced(state: ConsumerState): void {
  state.queue.unshift([...state.ready.takeAll(), ...state.pending.takeAll()]);
}

/** Gives back all that is not begun. */
export function giveBackAll(state: ConsumerState): void {
  takeBackAnnounced(state);
  state.book.back(state.queue.ids());
  state.queue.takeAll();
}

export function giveBackStale(state: ConsumerState, now: number): void {
  if (state.ready.count === 0 || now - state.readySince < STALE_MS) return;
  state.book.back(state.ready.ids());
  state.ready.takeAll();
}

/** These have timed out: what is not begun of them is given back. @returns what is being handled */
export function abort(state: ConsumerState, ids: IdRanges): BegunItem[] {
  const wanted = new Set<number>();
  forEachId(ids, (id) => wanted.add(id));
  for (const queue of [state.queue, state.pending, state.ready]) {
    if (!queue.has(wanted)) continue;
    queue.rename((id) => {
      if (!wanted.has(id)) return id;
      state.book.back([[id, id]]);
      return undefined;
    });
  }
  return state.running.filter((item) => item !== undefined && isOf(item, wanted)) as BegunItem[];
}

function isOf({ farewell, number }: BegunItem, ids: ReadonlySet<number>): boolean {
  return farewell === undefined && ids.has(number);
}
