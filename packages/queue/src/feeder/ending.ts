import { recall } from './comparison.js';
import { bye } from './greeting.js';
import { releaseAll } from './outcomes.js';
import type { Turn } from './turn.js';

/** Hands out from now on. */
export function onStart({ state }: Turn): void {
  if (state.phase === 'idle') state.phase = 'feeding';
}

/** Hands out nothing more; what was not begun comes back. */
export function onStop(turn: Turn): void {
  const { state } = turn;
  if (state.phase !== 'idle' && state.phase !== 'feeding') return;
  state.phase = 'stopping';
  for (const consumer of state.consumers.values()) if (consumer.held > 0) recall(turn, consumer);
}

/** Whether all is over: the source has ended and every item, or the feeder stops and nothing is on its way. */
export function endWhenDone(turn: Turn): void {
  const { state } = turn;
  if (state.phase === 'idle' || state.phase === 'over') return;
  if (state.held > 0 || state.unsettled > 0 || state.adopting > 0) return;
  if (state.phase === 'stopping') {
    if (state.ready.length > 0) return releaseAll(turn);
  } else if (!state.sourceEnded || state.claiming || state.ready.length > 0) {
    return;
  }
  finish(turn, state.phase === 'stopping' ? 'the feeder stops' : 'ended');
}

function finish(turn: Turn, reason: string): void {
  const { state } = turn;
  state.phase = 'over';
  for (const link of state.links.values()) {
    if (link.phase !== 'ending') bye(turn, link, reason);
  }
  turn.do({ type: 'finish' });
}
