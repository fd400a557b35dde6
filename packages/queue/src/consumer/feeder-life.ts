/*
 * What happens to items when the feeder's life ends in which they were handed out. Without adoption what is not begun
 * is dropped, what is begun is finished and answered to nobody; one line tells what the dead feeder never confirmed.
 */
import type { WelcomeMessage } from '../protocol/feed-message.js';
import type { ConsumerEffect } from './consumer-decision.js';
import { log } from './consumer-decision.js';
import type { ConsumerState } from './consumer-state.js';
import { Farewell } from './farewell.js';
import { takeBackAnnounced } from './item-moves.js';

/** The launcher says that the feeder has ended. Items with keys wait for its successor, which may adopt them. */
export function feederEnded(state: ConsumerState): void {
  takeBackAnnounced(state);
  if (!state.keyed) endLife(state, new Map());
}

/** A feeder takes us in: the same life as before, or another, which goes on with what it has adopted. */
export function meetLife(state: ConsumerState, { feeder, adopted = [] }: WelcomeMessage): void {
  if (state.life !== feeder && state.life !== null) endLife(state, new Map(adopted));
  state.life = feeder;
}

/** Nobody will take the answers any more. @returns the line that tells which */
export function giveUpAnswers(state: ConsumerState): ConsumerEffect[] {
  const farewell = new Farewell();
  state.book.moveTo(farewell);
  return told(farewell, 'Stopped without its feeder');
}

/** Tells what there is to tell of lives of which nothing is being handled any more. */
export function sayFarewells(state: ConsumerState): ConsumerEffect[] {
  if (state.farewells.size === 0) return [];
  const over = [...state.farewells].filter(({ running }) => running === 0);
  for (const farewell of over) state.farewells.delete(farewell);
  return over.flatMap((farewell) => told(farewell, 'Feeder has gone'));
}

/** @param adopted new numbers by old ones */
function endLife(state: ConsumerState, adopted: ReadonlyMap<number, number>): void {
  const farewell = new Farewell();
  const rename = (id: number): number | undefined => adopted.get(id);
  state.queue.rename((id) => {
    const renamed = rename(id);
    if (renamed === undefined) farewell.back.add(id);
    return renamed;
  });
  state.book.rename(rename, farewell);
  for (const item of state.running) {
    if (item === undefined || item.farewell !== undefined) continue;
    const renamed = rename(item.number);
    if (renamed !== undefined) item.number = renamed;
    else {
      item.farewell = farewell;
      farewell.running++;
    }
  }
  state.farewells.add(farewell);
  renameKeys(state, rename);
  state.life = null;
}

function renameKeys(state: ConsumerState, rename: (id: number) => number | undefined): void {
  const keys = [...state.keys];
  state.keys.clear();
  for (const [id, key] of keys) {
    const renamed = rename(id);
    if (renamed !== undefined) state.keys.set(renamed, key);
  }
  state.keyed = state.keys.size > 0;
}

function told(farewell: Farewell, what: string): ConsumerEffect[] {
  const line = farewell.line(what);
  return line === undefined ? [] : [log('warn', line)];
}
