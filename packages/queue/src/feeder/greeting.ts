import { FEED_PROTOCOL, type HelloMessage, PING_INTERVAL_MS } from '../protocol/feed-message.js';
import { adoptable, adoptionOf, takeIn } from './adoption.js';
import { compare, NOTHING } from './comparison.js';
import { type ConsumerRecord, createConsumer, type FeedLink } from './consumer-record.js';
import type { AdoptedEvent } from './feed-event.js';
import { firstWindow } from './feed-state.js';
import { cut, end, gone, LEAVE_MS, raiseFloor } from './loss.js';
import { failUnsent } from './outcomes.js';
import type { Turn } from './turn.js';

/** The first message of a connection. */
export function onHello(turn: Turn, link: FeedLink, hello: HelloMessage): void {
  const { settings, phase } = turn.state;
  const problem = settings.prove(hello, link.identity);
  if (problem !== undefined) {
    turn.do({ type: 'complain', message: `Refused ${link.peer}, which says it is consumer ${hello.id}: ${problem}` });
    return refuse(turn, link, problem);
  }
  if (hello.protocol !== FEED_PROTOCOL) {
    return refuse(turn, link, `version ${FEED_PROTOCOL} of the protocol is spoken here, not ${hello.protocol}`);
  }
  if (isOver(turn, hello)) return refuse(turn, link, 'this incarnation is over');
  if (phase === 'over') return bye(turn, link, 'over');
  letIn(turn, link, hello);
}

/** A source that was asked what it goes on with has answered; the connection may be closed meanwhile. */
export function onAdopted(turn: Turn, event: AdoptedEvent): void {
  const { state } = turn;
  const { hello } = event;
  state.adopting--;
  if (event.problem !== undefined) turn.log('error', event.problem);
  failUnsent(turn, event.invalid);
  const newer = state.adoptions.get(hello.id);
  state.adoptions.delete(hello.id);
  settle(turn, event, newer !== undefined && state.links.has(newer.link.number));
  if (newer !== undefined && state.links.has(newer.link.number)) onHello(turn, newer.link, newer.hello);
}

/** @param isOutdated a newer hello of it waits: what this one lists may be answered meanwhile */
function settle(turn: Turn, event: AdoptedEvent, isOutdated: boolean): void {
  const { state } = turn;
  const { hello } = event;
  const isLate = isOver(turn, hello);
  const consumer = isLate ? createConsumer(hello.id, hello.incarnation, 0) : consumerOf(turn, hello);
  takeIn(turn, consumer, event);
  if (isOutdated && !isLate) return;
  const link = state.links.get(event.link);
  if (link !== undefined && !isLate) connect(turn, link, consumer, hello);
  const adoption = adoptionOf(turn, consumer, hello);
  if (link !== undefined && !isLate) welcome(turn, link, adoption.ids);
  compare(turn, consumer, adoption);
  if (!isLate) return;
  if (link !== undefined) refuse(turn, link, 'this incarnation is over');
  gone(turn, consumer);
}

/** Says goodbye, in order. */
export function bye(turn: Turn, link: FeedLink, reason: string): void {
  turn.say(link, { type: 'bye', reason });
  end(turn, link, turn.now + LEAVE_MS);
}

function refuse(turn: Turn, link: FeedLink, reason: string): void {
  turn.say(link, { type: 'bye', reason, refused: true });
  end(turn, link, turn.now + LEAVE_MS);
}

function isOver({ state }: Turn, { id, incarnation }: HelloMessage): boolean {
  return incarnation < (state.floors.get(id) ?? 0);
}

function letIn(turn: Turn, link: FeedLink, hello: HelloMessage): void {
  const { state } = turn;
  raiseFloor(state, hello.id, hello.incarnation);
  const older = state.consumers.get(hello.id);
  if (older !== undefined && older.incarnation < hello.incarnation) gone(turn, older);
  if (adoptable(state, hello).length > 0) return askSource(turn, link, hello);
  const consumer = consumerOf(turn, hello);
  connect(turn, link, consumer, hello);
  welcome(turn, link, undefined);
  compare(turn, consumer, hello.feeder === state.settings.life ? hello : NOTHING);
}

function askSource(turn: Turn, link: FeedLink, hello: HelloMessage): void {
  const { state } = turn;
  link.phase = 'adopting';
  link.cutAt = Infinity;
  if (state.adoptions.has(hello.id)) return waitForOlder(turn, link, hello);
  state.adoptions.set(hello.id, undefined);
  state.adopting++;
  const keys = adoptable(state, hello).filter((key) => !state.adopted.has(key));
  turn.do({ type: 'adopt', link: link.number, hello, keys });
}

/** One answer of the source after the other: what an older hello lists must not count after what a newer one does. */
function waitForOlder(turn: Turn, link: FeedLink, hello: HelloMessage): void {
  const { adoptions } = turn.state;
  const before = adoptions.get(hello.id);
  adoptions.set(hello.id, { link, hello });
  if (before !== undefined) cut(turn, before.link);
}

function consumerOf({ state }: Turn, { id, incarnation }: HelloMessage): ConsumerRecord {
  const known = state.consumers.get(id);
  if (known?.incarnation === incarnation) return known;
  const consumer = createConsumer(id, incarnation, firstWindow(state.settings));
  state.consumers.set(id, consumer);
  return consumer;
}

/** The connection is this consumer's. What an older one may still have to say, the hello says too. */
function connect(turn: Turn, link: FeedLink, consumer: ConsumerRecord, hello: HelloMessage): void {
  const older = consumer.link;
  consumer.leaving ||= hello.stopping === true;
  consumer.announces = hello.announces === true;
  consumer.link = link;
  consumer.unheard = false;
  consumer.recalled = false;
  turn.state.waitsSince = Infinity;
  link.phase = 'open';
  link.cutAt = Infinity;
  link.consumer = consumer;
  turn.wakeBy(turn.now + PING_INTERVAL_MS);
  if (older !== undefined) cut(turn, older);
}

function welcome(turn: Turn, link: FeedLink, adopted: readonly (readonly [number, number])[] | undefined): void {
  const { life, maxItemSize } = turn.state.settings;
  turn.say(link, {
    type: 'welcome',
    protocol: FEED_PROTOCOL,
    feeder: life,
    maxItemSize,
    ...(adopted === undefined ? {} : { adopted }),
  });
}
