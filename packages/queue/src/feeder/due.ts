import { PING_INTERVAL_MS, SILENCE_MS } from '../protocol/feed-message.js';
import { toRanges } from '../protocol/id-ranges.js';
import { recall } from './comparison.js';
import type { ConsumerRecord, FeedLink } from './consumer-record.js';
import type { FeedState } from './feed-state.js';
import { unbalanced } from './hand-out.js';
import { cut, end } from './loss.js';
import { Outcomes } from './outcomes.js';
import { slowDown } from './pace.js';
import { isConnected, refresh } from './room.js';
import type { Turn } from './turn.js';

/**
 * A connection that has fallen silent is read on for so long: of a process that is frozen, and maybe killed for it,
 * everything that it had said must be known.
 */
const READ_SILENT_MS = 60_000;

/** All that has fallen due; sets the next deadline. Looks at everything, which is why it is not done at each event. */
export function onTick(turn: Turn): void {
  const { state, now } = turn;
  state.deadline = Infinity;
  for (const link of [...state.links.values()]) tickLink(turn, link);
  for (const consumer of [...state.consumers.values()]) tickConsumer(turn, consumer);
  for (const consumer of [...state.going]) if (consumer.goneBy! <= now) cut(turn, consumer.link!);
  if (state.balanceAt <= now) balance(turn);
  turn.wakeBy(nextDeadline(state));
}

function tickLink(turn: Turn, link: FeedLink): void {
  const { now, state } = turn;
  if (link.cutAt <= now) {
    if (link.phase === 'new') turn.do({ type: 'complain', message: `${link.peer} said no hello: disconnected` });
    return cut(turn, link);
  }
  if (link.phase !== 'open') return;
  if (isSilent(state, link, now)) {
    const { id } = link.consumer!;
    turn.log('warn', `Nothing heard from consumer ${id} for ${SILENCE_MS / 1000} s: disconnected`);
    return end(turn, link, now + READ_SILENT_MS);
  }
  if (link.saidAt + PING_INTERVAL_MS <= now) turn.say(link, { type: 'ping' });
}

function isSilent({ readingPaused }: FeedState, { heardAt }: FeedLink, now: number): boolean {
  return !readingPaused && heardAt + SILENCE_MS <= now;
}

function tickConsumer(turn: Turn, consumer: ConsumerRecord): void {
  timeOut(turn, consumer);
  if (consumer.killAt > turn.now) return;
  const { id, incarnation, overdue } = consumer;
  consumer.killAt = Infinity;
  consumer.killAsked = true;
  const reason = `item ${[...overdue].join(', ')} has timed out and did not let go`;
  turn.do({ type: 'kill-request', id, incarnation, reason });
}

/** Items that take longer than they may have failed, whatever comes of them later. */
function timeOut(turn: Turn, consumer: ConsumerRecord): void {
  const { state, now } = turn;
  const { itemTimeoutMs, abortGraceMs } = state.settings;
  if (itemTimeoutMs === 0 || state.readingPaused || state.patientUntil > now) return;
  const late = consumer.times.begunBy(now - itemTimeoutMs);
  if (late.length === 0) return;
  const outcomes = new Outcomes(turn, undefined);
  const message = `Not handled within ${itemTimeoutMs / 1000} s`;
  for (const id of late) {
    const item = state.items.get(id)!;
    outcomes.fail(item, { kind: 'timeout', message });
    item.holder = undefined;
  }
  outcomes.tell();
  for (const id of late) consumer.overdue.add(id);
  consumer.killAt = Math.min(consumer.killAt, consumer.killAsked ? Infinity : now + abortGraceMs);
  if (isConnected(consumer)) turn.say(consumer.link!, { type: 'abort', ids: toRanges(late) });
  if (consumer.held > 0) recall(turn, consumer);
  refresh(turn, consumer);
}

function balance(turn: Turn): void {
  const { state, now } = turn;
  const { concurrency, window } = state.settings;
  state.balanceAt = Infinity;
  for (const consumer of unbalanced(state, now)) {
    slowDown(consumer, { concurrency, auto: window === 'auto', now });
    recall(turn, consumer);
  }
}

function nextDeadline(state: FeedState): number {
  let deadline = state.balanceAt;
  for (const link of state.links.values()) deadline = Math.min(deadline, linkDeadline(state, link));
  for (const consumer of state.consumers.values()) deadline = Math.min(deadline, consumerDeadline(state, consumer));
  for (const { goneBy } of state.going) deadline = Math.min(deadline, goneBy!);
  return deadline;
}

function linkDeadline({ readingPaused }: FeedState, { phase, cutAt, saidAt, heardAt }: FeedLink): number {
  if (phase !== 'open') return cutAt;
  return Math.min(saidAt + PING_INTERVAL_MS, readingPaused ? Infinity : heardAt + SILENCE_MS);
}

function consumerDeadline({ settings, readingPaused, patientUntil }: FeedState, consumer: ConsumerRecord): number {
  const { first } = consumer.times;
  if (settings.itemTimeoutMs === 0 || readingPaused || first === undefined) return consumer.killAt;
  return Math.min(consumer.killAt, Math.max(first + settings.itemTimeoutMs, patientUntil));
}
