import type { DemandMessage } from '@distributed-architecture/core';
import type { FeedState } from './feed-state.js';
import { refresh } from './room.js';
import type { Turn } from './turn.js';

/** How much there is to do. @param size items that wait in the source, where that is known */
export function demandOf(state: FeedState, size: number | undefined, now: number): DemandMessage {
  const waiting = state.ready.length + (size ?? 0);
  const clearMs = clearMsOf(state, waiting);
  const first = state.ready.peek();
  return {
    type: 'demand',
    waiting,
    held: state.held,
    consumers: connected(state),
    idle: state.idle.size,
    letGo: letGoOf(state, now),
    ...(clearMs === undefined ? {} : { clearMs }),
    waitedMs: first === undefined ? 0 : Math.max(0, Math.floor(now - first.readyAt)),
    done: state.done,
    failed: state.failed,
  };
}

/** So many idle consumers are to leave: those that have had nothing for longest. */
export function onLetGo(turn: Turn, count: number): void {
  for (const consumer of [...turn.state.idle].slice(0, count)) {
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
