import type { DemandMessage } from '@distributed-architecture/core';
import type { FeedState } from './feed-state.js';
import { refresh } from './room.js';
import type { Turn } from './turn.js';

/** How much there is to do. @param size items that wait in the source, where that is known */
export function demandOf(state: FeedState, size: number | undefined, now: number): DemandMessage {
  const waiting = state.ready.length + (size ?? 0);
  // A source that does not tell its size shows one item at a time: how many are behind it nobody knows.
  const isKnown = size !== undefined || state.sourceEnded || waiting === 0;
  const clearMs = isKnown ? clearMsOf(state, waiting) : undefined;
  return {
    type: 'demand',
    waiting,
    held: state.held,
    consumers: connected(state),
    idle: state.idle.size,
    letGo: letGoOf(state, now),
    ...(clearMs === undefined ? {} : { clearMs }),
    waitedMs: state.ready.length === 0 ? 0 : Math.max(0, Math.floor(now - state.waitsSince)),
    done: state.done,
    failed: state.failed,
  };
}

/** Since when there is always something that waits. Between two claims there may be nothing for a moment. */
export function noteWaiting({ state, now }: Turn): void {
  if (state.ready.length > 0) state.waitsSince = Math.min(state.waitsSince, now);
  else if (!state.claiming || state.idle.size > 0) state.waitsSince = Infinity;
}

/** So many idle consumers are to leave: those that have had nothing for longest. */
export function onLetGo(turn: Turn, count: number, among?: readonly number[]): void {
  const candidates = [...turn.state.idle].filter(({ id }) => among?.includes(id) ?? true);
  for (const consumer of candidates.slice(0, count)) {
    consumer.leaving = true;
    refresh(turn, consumer);
    turn.do({ type: 'leaving', id: consumer.id, incarnation: consumer.incarnation });
  }
}

export function connected({ consumers }: FeedState): number {
  let count = 0;
  for (const { link } of consumers.values()) if (link?.phase === 'open') count++;
  return count;
}

/** With what is known of the consumers that are there; undefined: nothing is. */
function clearMsOf({ consumers }: FeedState, waiting: number): number | undefined {
  if (waiting === 0) return 0;
  let rate = 0;
  for (const { link, leaving, pace } of consumers.values()) {
    if (link?.phase === 'open' && !leaving) rate += pace.rate ?? 0;
  }
  return rate === 0 ? undefined : Math.ceil(waiting / rate);
}

function letGoOf({ idle, settings }: FeedState, now: number): number {
  if (settings.maxIdleMs === 0) return 0;
  let count = 0;
  for (const { idleSince } of idle) {
    if (idleSince + settings.maxIdleMs > now) break;
    count++;
  }
  return count;
}
