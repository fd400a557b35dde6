import { RangeBuilder } from '../protocol/range-builder.js';
import { ItemGroups } from './item-groups.js';
import { ItemTimes } from './item-times.js';

/** One incarnation of a consumer that has items, or is connected. */
export interface ConsumerRecord {
  readonly id: number;
  readonly incarnation: number;
  /** Its connection; also one that is only read to its end. Undefined: it is disconnected. */
  link: FeedLink | undefined;
  /** Its process is over; its connection is being read until then at the latest. */
  goneBy: number | undefined;
  /** It was let go: it gets nothing more. */
  leaving: boolean;
  /** Its end was asked for, because of an item that has timed out. */
  killAsked: boolean;
  /** A connection was not read to its end: it may have begun what it has not been heard to begin. Until its next hello. */
  unheard: boolean;
  /** It shall give back what it has not begun, and has not answered that yet. */
  recalled: boolean;

  /** It begins nothing that it has not announced. */
  announces: boolean;
  /** It gave back what it should have begun when it came: something else keeps it busy, until it announces again. */
  hesitates: boolean;
  /** It has given back what was called back, and has answered nothing since: others are asked first. */
  returned: boolean;

  /** Unanswered items, and about their bytes. */
  held: number;
  heldBytes: number;
  readonly sent: ItemGroups;
  readonly begun: ItemGroups;
  /** Of what is begun; empty where items may take any time. */
  readonly times: ItemTimes;
  /** Items that have timed out and that it has not let go. */
  readonly overdue: Set<number>;
  /** When it is killed for them; Infinity: not. */
  killAt: number;
  /** Batches of its answers that are not settled. */
  unsettled: number;
  /** To be confirmed. */
  readonly confirms: RangeBuilder;

  /** Most items that it may hold. */
  window: number;
  /** How many more items it gets now. */
  room: number;
  /** Since when it has had nothing, while it is connected. */
  idleSince: number;
  readonly pace: Pace;
}

/** How fast a consumer answers, measured only while it has something. */
export interface Pace {
  /** Items in a millisecond; undefined: not yet known. */
  rate: number | undefined;
  /** Since the last measurement. */
  answered: number;
  busyMs: number;
  /** When it got something to do, or was last looked at; undefined: it has nothing. */
  busySince: number | undefined;
}

export function createConsumer(id: number, incarnation: number, window: number): ConsumerRecord {
  return {
    id,
    incarnation,
    link: undefined,
    goneBy: undefined,
    leaving: false,
    killAsked: false,
    unheard: false,
    recalled: false,
    returned: false,
    announces: false,
    hesitates: false,
    held: 0,
    heldBytes: 0,
    sent: new ItemGroups(),
    begun: new ItemGroups(),
    times: new ItemTimes(),
    overdue: new Set(),
    killAt: Infinity,
    unsettled: 0,
    confirms: new RangeBuilder(),
    window,
    room: 0,
    idleSince: 0,
    pace: { rate: undefined, answered: 0, busyMs: 0, busySince: undefined },
  };
}

/** Something is known of it that must not be forgotten while it is disconnected. */
export function isNeeded({ held, overdue, unsettled, leaving }: ConsumerRecord): boolean {
  return held > 0 || overdue.size > 0 || unsettled > 0 || leaving;
}

/**
 * - `new`: has not said hello
 * - `adopting`: has said hello; the source is asked what it may go on with
 * - `open`: welcome was said
 * - `ending`: nothing more is said; it is read to its end
 */
export type LinkPhase = 'new' | 'adopting' | 'open' | 'ending';

/** A connection, as the feeder's decisions see it. */
export interface FeedLink {
  readonly number: number;
  readonly peer: string;
  /** Proven by its TLS key. */
  readonly identity: string | undefined;
  phase: LinkPhase;
  consumer: ConsumerRecord | undefined;
  heardAt: number;
  saidAt: number;
  /** When a new or ending connection is cut. */
  cutAt: number;
  /** Too much is unsent. */
  choked: boolean;
}

export function createLink(
  { number, peer, identity }: Pick<FeedLink, 'number' | 'peer' | 'identity'>,
  { now, cutAt }: { readonly now: number; readonly cutAt: number },
): FeedLink {
  return {
    number,
    peer,
    identity,
    phase: 'new',
    consumer: undefined,
    heardAt: now,
    saidAt: now,
    cutAt,
    choked: false,
  };
}
