/*
 * The life of a consumer, as decisions without I/O. The table is in docs/feed-table.md; items are in item-moves.ts, lives
 * of the feeder in feeder-life.ts.
 *
 *   waiting --feeder-ready--> connecting --linked--> greeting --welcome--> connected --stop, all confirmed--> leaving --closed--> over
 *                                 ^  |______failed, closed, silence___________|
 *                                 |  v
 *                                lost
 *
 * Owner: consumer-engine.ts.
 */
import { forEachId } from '../protocol/id-ranges.js';
import { FEED_PROTOCOL, PING_INTERVAL_MS, SILENCE_MS } from '../protocol/feed-message.js';
import type { BytesMessage, ConsumerMessage, FeederMessage, ItemsMessage } from '../protocol/feed-message.js';
import { addressText } from '../transport/address-text.js';
import type { ConsumerEffect, ConsumerEvent, ConsumerMoment } from './consumer-decision.js';
import { log } from './consumer-decision.js';
import { FeedRefusedError } from './consumer-errors.js';
import { enter, type ConsumerState } from './consumer-state.js';
import { feederEnded, giveUpAnswers, meetLife, sayFarewells } from './feeder-life.js';
import { helloOf } from './hello.js';
import {
  abort,
  announce,
  announceable,
  flushed,
  giveBackAll,
  giveBackStale,
  STALE_MS,
  takeBackAnnounced,
  takeBatch,
} from './item-moves.js';

/** For one attempt, and then again from hello to welcome. */
const CONNECT_TIMEOUT_MS = 10_000;

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2000;

/** Share by which delays vary, up and down. */
const JITTER = 0.5;

/** A connection that held for so long is no failure when it ends. */
const PROVEN_AFTER_MS = 200;

/** Permission to begin that was refused is asked for again after so long. */
const ASK_AGAIN_MS = 1000;

/** A stopping consumer that has answers, but no feeder takes them, gives up after so long. */
const STRANDED_MS = 5000;

/** For the feeder to close after our bye. */
const LEAVE_MS = 1000;

/** The only place, with the moves of items, where the state changes. An event that does not fit it changes nothing. */
export function decideConsumer(state: ConsumerState, event: ConsumerEvent, moment: ConsumerMoment): ConsumerEffect[] {
  if (state.phase === 'over') return [];
  return [...react(state, event, moment), ...proceed(state, moment)];
}

/** When a `turn` is due; Infinity: not before something happens. */
export function consumerDeadline(state: ConsumerState): number {
  if (state.phase === 'over') return Infinity;
  return Math.min(
    phaseDeadline(state),
    state.ready.count > 0 ? state.readySince + STALE_MS : Infinity,
    state.phase === 'connected' && !state.asked && state.askAt > 0 && announceable(state) > 0 ? state.askAt : Infinity,
    state.strandedSince === undefined ? Infinity : state.strandedSince + STRANDED_MS,
  );
}

function phaseDeadline(state: ConsumerState): number {
  switch (state.phase) {
    case 'connecting':
    case 'greeting':
      return state.since + CONNECT_TIMEOUT_MS;
    case 'connected':
      return Math.min(state.heardAt + SILENCE_MS, state.saidAt + PING_INTERVAL_MS);
    case 'lost':
      return state.retryAt;
    case 'leaving':
      return state.since + LEAVE_MS;
    default:
      return Infinity;
  }
}

function react(state: ConsumerState, event: ConsumerEvent, moment: ConsumerMoment): ConsumerEffect[] {
  switch (event.type) {
    case 'feeder-ready':
      return feederReady(state, event, moment);
    case 'feeder-gone':
      return feederGone(state, event.incarnation, moment);
    case 'stop':
      return stop(state);
    case 'linked':
      return state.phase === 'connecting' ? greet(state, event.proven, moment) : [];
    case 'failed':
      return state.phase === 'connecting' ? lose(state, event.reason, moment) : [];
    case 'closed':
      return closed(state, event.reason, moment);
    case 'messages':
      return receive(state, event.messages, moment);
    case 'flushed':
      flushed(state, event.late, moment.now);
      return [];
    case 'permission':
      state.asked = false;
      state.permitted = event.given;
      state.askAt = event.given ? 0 : moment.now + ASK_AGAIN_MS;
      return [];
    case 'turn':
      return turn(state, moment);
  }
}

/** What follows from any change. */
function proceed(state: ConsumerState, { now }: ConsumerMoment): ConsumerEffect[] {
  state.pace.measure(now, state.runningCount);
  giveBackStale(state, now);
  const effects = sayFarewells(state);
  if (state.phase === 'connected') effects.push(...speak(state, now));
  if (state.stopping) effects.push(...finish(state, now));
  state.permitted = false;
  return effects;
}

/** Answers and the next announcement in one write. */
function speak(state: ConsumerState, now: number): ConsumerEffect[] {
  const messages: ConsumerMessage[] = state.book.takeUnsent();
  if (state.stopping && !state.toldStopping) messages.unshift({ type: 'stopping' });
  state.toldStopping = state.stopping;
  const count = announceable(state);
  const asks = count > 0 && state.settings.guarded && !state.permitted;
  const announces = count > 0 && !asks;
  if (announces) messages.push({ type: 'begun', ids: announce(state, count) });
  if (messages.length === 0 && now - state.saidAt >= PING_INTERVAL_MS) messages.push({ type: 'ping' });
  const effects: ConsumerEffect[] = [];
  if (messages.length > 0) {
    state.saidAt = now;
    effects.push({ type: 'send', messages, announces });
  }
  if (asks && !state.asked && now >= state.askAt) {
    state.asked = true;
    effects.push({ type: 'ask' });
  }
  return effects;
}

function feederReady(
  state: ConsumerState,
  { address, incarnation }: Extract<ConsumerEvent, { type: 'feeder-ready' }>,
  { now }: ConsumerMoment,
): ConsumerEffect[] {
  if (state.phase === 'leaving' || (incarnation ?? Infinity) < state.incarnation) return [];
  const known = state.address !== undefined && addressText(state.address) === addressText(address);
  const same = known && (incarnation ?? state.incarnation) === state.incarnation;
  if (same && (state.phase === 'connecting' || state.phase === 'greeting' || state.phase === 'connected')) return [];
  takeBackAnnounced(state);
  state.address = address;
  state.incarnation = incarnation ?? state.incarnation;
  state.failures = 0;
  state.toldFailure = false;
  return [{ type: 'drop' }, ...connect(state, now)];
}

function feederGone(state: ConsumerState, incarnation: number | undefined, { now }: ConsumerMoment): ConsumerEffect[] {
  if (state.phase === 'leaving') return over(undefined, state);
  if ((incarnation ?? Infinity) < state.incarnation) return [];
  feederEnded(state);
  state.address = undefined;
  state.incarnation = incarnation ?? state.incarnation;
  enter(state, 'waiting', now);
  return [{ type: 'drop' }];
}

/** What is not begun is given back at once; `finish` sees to the rest. */
function stop(state: ConsumerState): ConsumerEffect[] {
  state.stopping = true;
  giveBackAll(state);
  return [];
}

function connect(state: ConsumerState, now: number): ConsumerEffect[] {
  enter(state, 'connecting', now);
  return [{ type: 'connect', address: state.address! }];
}

function greet(state: ConsumerState, proven: boolean, { now }: ConsumerMoment): ConsumerEffect[] {
  enter(state, 'greeting', now);
  state.toldStopping = state.stopping;
  return [{ type: 'send', messages: [helloOf(state, proven)], announces: false }];
}

function closed(state: ConsumerState, reason: string, moment: ConsumerMoment): ConsumerEffect[] {
  if (state.phase === 'leaving') return over(undefined, state);
  return state.phase === 'greeting' || state.phase === 'connected' ? lose(state, reason, moment) : [];
}

/** The connection, or the attempt, came to nothing. Items stay, and what is begun goes on. */
function lose(state: ConsumerState, reason: string, { now, random }: ConsumerMoment): ConsumerEffect[] {
  const connected = state.phase === 'connected';
  if (connected && now - state.since >= PROVEN_AFTER_MS) state.failures = 0;
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** state.failures);
  takeBackAnnounced(state);
  state.failures++;
  state.retryAt = now + delayMs * (1 - JITTER + 2 * JITTER * random());
  enter(state, 'lost', now);
  return [{ type: 'drop' }, lostLine(state, reason, connected)];
}

/** Of attempts in a row only the first is told to people. */
function lostLine(state: ConsumerState, reason: string, connected: boolean): ConsumerEffect {
  const address = addressText(state.address!);
  if (connected) return log('warn', `Connection to ${address} lost: ${reason}`);
  const level = state.toldFailure ? 'debug' : 'warn';
  state.toldFailure = true;
  return log(level, `Cannot connect to ${address}: ${reason}`);
}

function receive(state: ConsumerState, messages: readonly FeederMessage[], moment: ConsumerMoment): ConsumerEffect[] {
  const effects: ConsumerEffect[] = [];
  for (const message of messages) {
    if (state.phase !== 'greeting' && state.phase !== 'connected') break;
    state.heardAt = moment.now;
    effects.push(...(state.phase === 'connected' ? hear(state, message, moment) : beGreeted(state, message, moment)));
  }
  return effects;
}

function beGreeted(state: ConsumerState, message: FeederMessage, moment: ConsumerMoment): ConsumerEffect[] {
  if (message.type === 'bye') return bye(state, message, moment);
  if (message.type !== 'welcome') return lose(state, `it said ${message.type} before welcome`, moment);
  const address = addressText(state.address!);
  if (message.protocol !== FEED_PROTOCOL) {
    return over(new FeedRefusedError(address, `it speaks version ${message.protocol} of the protocol`), state);
  }
  meetLife(state, message);
  enter(state, 'connected', moment.now);
  state.saidAt = moment.now;
  state.toldFailure = false;
  return [log('log', `Connected to ${address}`)];
}

function hear(state: ConsumerState, message: FeederMessage, moment: ConsumerMoment): ConsumerEffect[] {
  switch (message.type) {
    case 'items':
    case 'bytes':
      takeItems(state, message, moment.now);
      return [];
    case 'confirm':
      state.book.confirm(message.ids);
      if (state.keyed) forget(state, message.ids);
      return [];
    case 'recall':
      giveBackAll(state);
      return [];
    case 'abort':
      return [{ type: 'time-out', items: abort(state, message.ids) }];
    case 'ping':
      return [];
    case 'bye':
      return bye(state, message, moment);
    case 'welcome':
      return lose(state, 'it said welcome twice', moment);
  }
}

function forget(state: ConsumerState, ids: Parameters<typeof forEachId>[0]): void {
  forEachId(ids, (id) => state.keys.delete(id));
}

function takeItems(state: ConsumerState, message: ItemsMessage | BytesMessage, now: number): void {
  const {
    first,
    attempt,
    items,
    begun = 0,
    keys,
  } = message.type === 'items'
    ? message
    : { ...message, first: message.id, items: [message.body], keys: keyOf(message) };
  keys?.forEach((key, index) => state.keys.set(first + index, key));
  state.keyed ||= keys !== undefined;
  if (state.stopping) state.book.back([[first, first + items.length - 1]]);
  else takeBatch(state, { batch: { first, attempt, items, from: 0, to: items.length }, begun, now });
}

function keyOf({ key }: BytesMessage): readonly string[] | undefined {
  return key === undefined ? undefined : [key];
}

function bye(
  state: ConsumerState,
  { reason, refused }: Extract<FeederMessage, { type: 'bye' }>,
  moment: ConsumerMoment,
): ConsumerEffect[] {
  if (refused === true) return over(new FeedRefusedError(addressText(state.address!), reason), state);
  // It was told why: that it is away then is no news.
  state.toldFailure = true;
  const [drop] = lose(state, reason, moment);
  return [drop!, log('log', `Feeder says bye: ${reason}`)];
}

/** What time alone brings about. */
function turn(state: ConsumerState, moment: ConsumerMoment): ConsumerEffect[] {
  if (state.phase === 'connected') {
    const silentMs = moment.now - state.heardAt;
    return silentMs >= SILENCE_MS ? lose(state, `nothing was heard for ${Math.round(silentMs / 1000)} s`, moment) : [];
  }
  if (moment.now < phaseDeadline(state)) return [];
  switch (state.phase) {
    case 'connecting':
    case 'greeting':
      return lose(state, `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`, moment);
    case 'lost':
      return connect(state, moment.now);
    case 'leaving':
      return over(undefined, state);
    default:
      return [];
  }
}

/** Of a stopping consumer: it ends when nothing is left to do, or when nobody takes its answers. */
function finish(state: ConsumerState, now: number): ConsumerEffect[] {
  state.strandedSince =
    state.phase === 'connected' || state.runningCount > 0 ? undefined : (state.strandedSince ?? now);
  if (state.phase === 'leaving' || state.phase === 'over' || state.runningCount > 0) return [];
  if (!state.book.isEmpty) {
    const stranded = now - (state.strandedSince ?? now) >= STRANDED_MS;
    return stranded ? [...giveUpAnswers(state), ...over(undefined, state)] : [];
  }
  // Its feeder may have let it in and sent items, which it would take for begun: they are given back, or a bye tells.
  if (state.phase === 'greeting' && now - (state.strandedSince ?? now) < STRANDED_MS) return [];
  if (state.phase !== 'connected') return over(undefined, state);
  enter(state, 'leaving', now);
  return [{ type: 'send', messages: [{ type: 'bye', reason: 'stopped' }], announces: false }, { type: 'end' }];
}

function over(error: FeedRefusedError | undefined, state: ConsumerState): ConsumerEffect[] {
  takeBackAnnounced(state);
  state.queue.takeAll();
  state.phase = 'over';
  return [{ type: 'drop' }, { type: 'over', error }];
}
