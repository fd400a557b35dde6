import type { IdRanges } from '../protocol/feed-message.js';
import type { ConsumerRecord, FeedLink } from './consumer-record.js';
import type { FeedItem } from './feed-item.js';
import { type FeedState, forgetUnneeded } from './feed-state.js';
import type { ItemGroup } from './item-groups.js';
import { handBack, Outcomes } from './outcomes.js';
import { refresh } from './room.js';
import type { Turn } from './turn.js';

/** The connection of a consumer that is over is read for so long at most. */
const READ_TO_END_MS = 5000;

/** A connection that has been said goodbye to is cut after so long. */
export const LEAVE_MS = 5000;

/** Incarnations that were refused are remembered of so many consumers. */
const MOST_FLOORS = 100_000;

/** The system has closed a connection. */
export function onClosed(turn: Turn, link: FeedLink, whole: boolean): void {
  turn.state.links.delete(link.number);
  const { consumer } = link;
  if (consumer?.link !== link) return;
  consumer.link = undefined;
  consumer.unheard ||= !whole;
  disconnected(turn, consumer);
}

/** A connection is given up without reading it to its end. */
export function cut(turn: Turn, link: FeedLink): void {
  turn.do({ type: 'cut', link: link.number });
  onClosed(turn, link, false);
}

/** Nothing more is said; what comes is still heard. */
export function end(turn: Turn, link: FeedLink, cutAt: number): void {
  link.phase = 'ending';
  link.cutAt = cutAt;
  turn.wakeBy(cutAt);
  turn.do({ type: 'end', link: link.number });
  if (link.consumer?.link === link) disconnected(turn, link.consumer);
}

/** Its launcher has seen the end of that incarnation. */
export function onConsumerGone(turn: Turn, id: number, incarnation: number): void {
  raiseFloor(turn.state, id, incarnation + 1);
  const consumer = turn.state.consumers.get(id);
  if (consumer !== undefined && consumer.incarnation <= incarnation) gone(turn, consumer);
}

/** Its process is over for sure; what it had said is read first. */
export function gone(turn: Turn, consumer: ConsumerRecord): void {
  if (turn.state.consumers.get(consumer.id) === consumer) turn.state.consumers.delete(consumer.id);
  turn.state.going.add(consumer);
  consumer.goneBy = turn.now + READ_TO_END_MS;
  if (consumer.link === undefined) return lose(turn, consumer);
  turn.wakeBy(consumer.goneBy);
  refresh(turn, consumer);
}

/** It gets nothing more, now or later. */
export function onStopping(turn: Turn, consumer: ConsumerRecord): void {
  consumer.leaving = true;
  refresh(turn, consumer);
}

/** It ends in order: what it has not begun it never will. */
export function onGoodbye(turn: Turn, link: FeedLink, consumer: ConsumerRecord): void {
  consumer.leaving = false;
  forHeld(turn.state, consumer, (item) => {
    if (item.state !== 'begun') handBack(turn, item);
  });
  turn.say(link, { type: 'bye', reason: 'goodbye' });
  end(turn, link, turn.now + LEAVE_MS);
}

/** Older incarnations of the consumer are not let in any more. */
export function raiseFloor({ floors }: FeedState, id: number, incarnation: number): void {
  const floor = Math.max(floors.get(id) ?? 0, incarnation);
  floors.delete(id);
  floors.set(id, floor);
  if (floors.size <= MOST_FLOORS) return;
  const [oldest] = floors.keys();
  floors.delete(oldest!);
}

/** Calls for each item that the consumer has. */
export function forHeld({ items }: FeedState, consumer: ConsumerRecord, visit: (item: FeedItem) => void): void {
  for (const group of [...consumer.begun, ...consumer.sent]) forGroup(items, group, visit);
}

function forGroup(items: FeedState['items'], group: ItemGroup, visit: (item: FeedItem) => void): void {
  forIds(group.ids, (id) => {
    const item = items.get(id);
    if (item?.group === group) visit(item);
  });
}

function forIds(ids: IdRanges, visit: (id: number) => void): void {
  for (const [first, last] of ids) for (let id = first; id <= last; id++) visit(id);
}

function disconnected(turn: Turn, consumer: ConsumerRecord): void {
  if (consumer.goneBy !== undefined && consumer.link === undefined) return lose(turn, consumer);
  refresh(turn, consumer);
  forgetUnneeded(turn.state, consumer);
}

/** What it had surely not begun goes to others; with what it had begun nobody knows how far it came. */
function lose(turn: Turn, consumer: ConsumerRecord): void {
  turn.state.going.delete(consumer);
  const outcomes = new Outcomes(turn, undefined);
  const message = `Consumer ${consumer.id} has ended, incarnation ${consumer.incarnation}: nobody knows how far it came`;
  forHeld(turn.state, consumer, (item) => {
    const isSafe = consumer.killAsked || (item.state === 'sent' && !consumer.unheard);
    if (isSafe) handBack(turn, item);
    else outcomes.fail(item, { kind: 'lost', message });
  });
  outcomes.tell();
  consumer.overdue.clear();
  consumer.killAt = Infinity;
  refresh(turn, consumer);
}
