import { FEED_PROTOCOL, type HelloMessage, type IdRanges } from '../protocol/feed-message.js';
import { forEachId, toRanges } from '../protocol/id-ranges.js';
import type { ConsumerState } from './consumer-state.js';

/** A hello has at most about so many characters of keys. Items beyond cannot be adopted. */
const MAX_KEYS = 1_000_000;

/** Characters of a key besides its text, about. */
const KEY_OVERHEAD = 16;

/** @param proven the connection itself has shown who we are */
export function helloOf(state: ConsumerState, proven: boolean): HelloMessage {
  const { id, incarnation, key } = state.settings;
  const { answers, left } = state.book.forHello();
  const running = state.running.flatMap((item) => (item === undefined || item.farewell ? [] : [item.number]));
  // What is answered but does not fit counts as begun until its answer follows.
  forEachId(left, (each) => running.push(each));
  const begun = toRanges(running);
  const queued = state.queue.ids();
  const holds = toRanges(idsOf([queued, begun]));
  const failed = toRanges(answers.failed.map(([each]) => each));
  return {
    type: 'hello',
    protocol: FEED_PROTOCOL,
    id,
    incarnation,
    ...(proven || key === undefined ? {} : { key }),
    ...(state.stopping ? { stopping: true } : {}),
    ...(state.settings.guarded ? { announces: true } : {}),
    feeder: state.life,
    holds,
    begun,
    answers,
    ...(state.keyed ? { keys: keysOf(state, [begun, answers.done, failed, answers.back, queued]) } : {}),
  };
}

function* idsOf(lists: readonly IdRanges[]): Generator<number> {
  for (const ranges of lists) {
    for (const [first, last] of ranges) {
      for (let id = first; id <= last; id++) yield id;
    }
  }
}

function keysOf(state: ConsumerState, lists: readonly IdRanges[]): [number, string][] {
  const keys: [number, string][] = [];
  let room = MAX_KEYS;
  for (const id of idsOf(lists)) {
    const key = state.keys.get(id);
    if (key === undefined) continue;
    room -= key.length + KEY_OVERHEAD;
    if (room < 0) break;
    keys.push([id, key]);
  }
  return keys;
}
