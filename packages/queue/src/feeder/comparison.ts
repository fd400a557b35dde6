import type { HelloMessage } from '../protocol/feed-message.js';
import { expand, toRanges } from '../protocol/id-ranges.js';
import { begin, HeardAnswers, letGo, startTimes, unbegin } from './answers.js';
import type { ConsumerRecord } from './consumer-record.js';
import type { FeedItem } from './feed-item.js';
import { forHeld } from './loss.js';
import { handBack, Outcomes } from './outcomes.js';
import { isConnected, refresh } from './room.js';
import type { Turn } from './turn.js';

/** What a consumer lists in its hello, in numbers of this life of the feeder. */
export type Listed = Pick<HelloMessage, 'holds' | 'begun' | 'answers'>;

export const NOTHING: Listed = { holds: [], begun: [], answers: { done: [], failed: [], back: [] } };

/** What the consumer lists is the truth: its answers count, and what it does not list it never got. */
export function compare(turn: Turn, consumer: ConsumerRecord, listed: Listed): void {
  const heard = new HeardAnswers(turn, consumer);
  heard.add(listed.answers);
  heard.end();
  beginAll(turn, consumer, listed);
  const holds = new Set(expand(listed.holds));
  dropUnlisted(turn, consumer, holds);
  for (const id of consumer.overdue) if (!holds.has(id)) letGo(consumer, id);
  startTimes(turn, consumer);
  repeat(turn, consumer);
  refresh(turn, consumer);
}

/** Which of its items it has begun. */
function beginAll(turn: Turn, consumer: ConsumerRecord, listed: Listed): void {
  const holds = new Set(expand(listed.holds));
  const begun = new Set(expand(listed.begun));
  const begins: FeedItem[] = [];
  const waits: FeedItem[] = [];
  forHeld(turn.state, consumer, (item) => {
    const isBegun = begun.has(item.id);
    if (item.state === 'supposed' && isBegun) item.state = 'begun';
    if (item.state === 'sent' && isBegun) begins.push(item);
    if (item.state !== 'sent' && !isBegun && holds.has(item.id)) waits.push(item);
  });
  begin(turn, consumer, begins, toRanges(begins.map(({ id }) => id)));
  unbegin(turn, consumer, waits);
}

function dropUnlisted(turn: Turn, consumer: ConsumerRecord, holds: ReadonlySet<number>): void {
  const outcomes = new Outcomes(turn, undefined);
  forHeld(turn.state, consumer, (item) => {
    if (holds.has(item.id)) return;
    if (item.state !== 'begun') handBack(turn, item);
    else
      outcomes.fail(item, { kind: 'lost', message: `Consumer ${consumer.id} knows nothing of it, though it began it` });
  });
  outcomes.tell();
}

/** What was said while it was away. */
function repeat(turn: Turn, consumer: ConsumerRecord): void {
  if (!isConnected(consumer)) return;
  const isStopping = turn.state.phase === 'stopping';
  if (consumer.overdue.size > 0) turn.say(consumer.link!, { type: 'abort', ids: toRanges(consumer.overdue) });
  if ((consumer.overdue.size > 0 || isStopping) && consumer.held > 0) recall(turn, consumer);
}

/** It shall give back what it has not begun. */
export function recall(turn: Turn, consumer: ConsumerRecord): void {
  if (!isConnected(consumer) || consumer.recalled) return;
  consumer.recalled = true;
  turn.say(consumer.link!, { type: 'recall' });
}
