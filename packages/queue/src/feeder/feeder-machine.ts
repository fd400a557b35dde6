/*
 * All decisions of a feeder, without I/O. States, events and who decides what: docs/feed-table.md.
 *
 * Events come in batches (all messages of one read, all items of one claim), and what follows from a batch is done once:
 * confirmations, then new items, then the next claim. A tick has to come at `state.deadline`.
 */
import { HELLO_TIMEOUT_MS, type ConsumerMessage } from '../protocol/feed-message.js';
import { HeardAnswers, onBegun } from './answers.js';
import { claim, onClaimed, onClaimFailed, onWake } from './claiming.js';
import { type ConsumerRecord, createLink, type FeedLink } from './consumer-record.js';
import { noteWaiting, onLetGo } from './demand.js';
import { onTick } from './due.js';
import { endWhenDone, onStart, onStop } from './ending.js';
import type { FeedEffect, FeedEvent } from './feed-event.js';
import type { FeedState } from './feed-state.js';
import { onAdopted, onHello } from './greeting.js';
import { handOut } from './hand-out.js';
import { cut, onClosed, onConsumerGone, onGoodbye, onStopping } from './loss.js';
import { onSettled, sayConfirms } from './outcomes.js';
import { refresh } from './room.js';
import { Turn } from './turn.js';

const MOST_LINKS = 10_000;

/** The only place where a feeder's state changes. @param now monotonic milliseconds */
export function decideFeed(state: FeedState, event: FeedEvent, now: number): FeedEffect[] {
  const turn = new Turn(state, now);
  react(turn, event);
  sayConfirms(turn);
  // Most sources give their items at once: those go out together with what is ready, in one frame.
  if (!endsClaim(event)) claim(turn);
  if (!state.claiming || state.claimWaits) handOut(turn);
  claim(turn);
  noteWaiting(turn);
  endWhenDone(turn);
  return turn.effects;
}

/** What a claim gave goes out before the next. */
function endsClaim({ type }: FeedEvent): boolean {
  return type === 'claimed' || type === 'claim-failed';
}

function react(turn: Turn, event: FeedEvent): void {
  switch (event.type) {
    case 'accepted':
      return onAccepted(turn, event);
    case 'consumer-gone':
      return onConsumerGone(turn, event.id, event.incarnation);
    case 'let-go':
      return onLetGo(turn, event.count, event.among);
    case 'claim-waits':
      turn.state.claimWaits = true;
      return;
    case 'claimed':
      turn.state.sourceEnded = event.ended;
      return onClaimed(turn, event);
    case 'claim-failed':
      turn.state.sourceEnded = turn.state.sourceFailed = event.ended;
      return onClaimFailed(turn, event.problem);
    case 'adopted':
      return onAdopted(turn, event);
    case 'settled':
      return onSettled(turn, event.batch, event.problem);
    case 'start':
      return onStart(turn);
    case 'wake':
      return onWake(turn);
    case 'stop':
      return onStop(turn);
    case 'tick':
      return onTick(turn);
    default:
      return onLink(turn, event);
  }
}

function onAccepted(turn: Turn, event: Extract<FeedEvent, { type: 'accepted' }>): void {
  const { links, phase } = turn.state;
  const link = createLink(
    { number: event.link, peer: event.peer, identity: event.identity },
    { now: turn.now, cutAt: turn.now + HELLO_TIMEOUT_MS },
  );
  if (links.size >= MOST_LINKS || phase === 'over') {
    if (phase !== 'over') turn.do({ type: 'complain', message: `Refused ${event.peer}: ${MOST_LINKS} are connected` });
    return turn.do({ type: 'cut', link: event.link });
  }
  links.set(event.link, link);
  turn.wakeBy(link.cutAt);
}

type LinkEvent = Extract<FeedEvent, { type: 'heard' | 'garbled' | 'closed' | 'choked' | 'unchoked' }>;

function onLink(turn: Turn, event: LinkEvent): void {
  const link = turn.state.links.get(event.link);
  if (link === undefined) return;
  switch (event.type) {
    case 'heard':
      link.heardAt = turn.now;
      return hear(turn, link, event.messages);
    case 'garbled':
      return garbled(turn, link, event.problem);
    case 'closed':
      return onClosed(turn, link, event.whole);
    default:
      link.choked = event.type === 'choked';
      if (link.consumer?.link === link) refresh(turn, link.consumer);
  }
}

/** Of a connection that is cut in the midst nothing more counts. */
function hear(turn: Turn, link: FeedLink, messages: readonly ConsumerMessage[]): void {
  let answers: HeardAnswers | undefined;
  for (const message of messages) {
    if (!turn.state.links.has(link.number)) break;
    const consumer = link.consumer?.link === link ? link.consumer : undefined;
    if (message.type === 'answers' && consumer !== undefined) {
      answers ??= new HeardAnswers(turn, consumer);
      answers.add(message);
    } else if (message.type !== 'ping') listen(turn, link, consumer, message);
  }
  answers?.end();
}

function listen(
  turn: Turn,
  link: FeedLink,
  consumer: ConsumerRecord | undefined,
  message: Exclude<ConsumerMessage, { type: 'ping' }>,
): void {
  if (message.type === 'hello' && link.phase === 'new') return onHello(turn, link, message);
  if (message.type === 'begun' && consumer !== undefined) return onBegun(turn, consumer, message.ids);
  if (message.type === 'stopping' && consumer !== undefined) return onStopping(turn, consumer);
  if (message.type === 'bye' && consumer !== undefined) return onGoodbye(turn, link, consumer);
  if (link.phase !== 'ending') garbled(turn, link, `${message.type} at the wrong time`);
}

function garbled(turn: Turn, link: FeedLink, problem: string): void {
  turn.do({ type: 'complain', message: `Disconnected ${link.peer}: ${problem}` });
  cut(turn, link);
}
