import type { FailedItem } from '../source/item-source.js';
import type { FeedItem } from './feed-item.js';
import { failUnsent } from './outcomes.js';
import type { Turn } from './turn.js';

const LARGEST_CLAIM = 10_000;
const LONGEST_BACKOFF_MS = 30_000;
const EMPTY_LOG_MS = 10_000;

/** Lets others have their turn: where all that was claimed cannot be sent, or a source wakes the feeder in vain. */
const MOMENT_MS = 1;

/** Weight of the newest items. */
const NEWEST = 0.5;

/** Asks the source for what windows have room for; where they have none for one item, so that it is known that work waits. */
export function claim(turn: Turn): void {
  const { state } = turn;
  if (state.phase !== 'feeding' || state.claiming || state.sourceEnded || state.readingPaused) return;
  const max = Math.min(LARGEST_CLAIM, Math.max(state.room, 1) - state.ready.length);
  if (max <= 0) return;
  if (state.claimAt > turn.now) return turn.wakeBy(state.claimAt);
  state.claiming = true;
  state.claimWaits = false;
  state.woken = false;
  turn.do({ type: 'claim', max });
}

export function onClaimed(turn: Turn, claimed: { items: readonly FeedItem[]; invalid: readonly FailedItem[] }): void {
  const { state } = turn;
  const { items, invalid } = claimed;
  state.claiming = false;
  state.claimFailures = 0;
  if (items.length > 0) {
    take(turn, items);
    state.claimAt = 0;
  } else if (invalid.length > 0) {
    state.claimAt = turn.now + MOMENT_MS;
  } else {
    empty(turn);
  }
  failUnsent(turn, invalid);
}

/** @param problem what the source has thrown, for the log */
export function onClaimFailed(turn: Turn, problem: string): void {
  const { state } = turn;
  state.claiming = false;
  turn.log('error', problem);
  const backoff = Math.min(state.settings.pollIntervalMs * 2 ** state.claimFailures, LONGEST_BACKOFF_MS);
  state.claimFailures++;
  state.claimAt = turn.now + backoff;
}

/** There may be items. */
export function onWake({ state }: Turn): void {
  state.woken = true;
  state.claimAt = 0;
}

function take(turn: Turn, items: readonly FeedItem[]): void {
  const { state } = turn;
  const readyAt = Math.floor(turn.now);
  let bytes = 0;
  for (const item of items) {
    item.id = state.nextId++;
    item.readyAt = readyAt;
    bytes += item.size;
    state.items.add(item);
  }
  const average = bytes / items.length;
  state.averageSize = state.averageSize === 0 ? average : state.averageSize + NEWEST * (average - state.averageSize);
  state.ready.addClaimed(items);
}

function empty(turn: Turn): void {
  const { state } = turn;
  state.claimAt = turn.now + (state.woken ? MOMENT_MS : state.settings.pollIntervalMs);
  if (state.sourceEnded || state.emptyLoggedAt + EMPTY_LOG_MS > turn.now) return;
  state.emptyLoggedAt = turn.now;
  turn.log('log', 'Feeder queue is empty');
}
