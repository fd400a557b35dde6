import type { HelloMessage } from '../protocol/feed-message.js';
import { type ConsumerRecord, isNeeded, type FeedLink } from './consumer-record.js';
import type { FeedItem } from './feed-item.js';
import { ItemTable } from './item-table.js';
import { ReadyItems } from './ready-items.js';

/** What decisions are made by; times in milliseconds. */
export interface FeedSettings {
  /** This life of the feeder. */
  readonly life: string;
  readonly concurrency: number;
  readonly window: number | 'auto';
  /** Bytes. */
  readonly maxItemSize: number;
  /** 0: none. */
  readonly itemTimeoutMs: number;
  readonly abortGraceMs: number;
  readonly pollIntervalMs: number;
  /** 0: no consumer is ever offered for leaving. */
  readonly maxIdleMs: number;
  readonly adopts: boolean;
  /** @returns what is wrong with who says that it is this consumer; undefined: nothing */
  readonly prove: (hello: HelloMessage, identity: string | undefined) => string | undefined;
}

/** `idle`: the source is not yet open. */
export type FeedPhase = 'idle' | 'feeding' | 'stopping' | 'over';

/** A connection of a consumer whose older hello the source is still looking at. */
export interface NewerHello {
  readonly link: FeedLink;
  readonly hello: HelloMessage;
}

/** All that a feeder knows. `decideFeed` changes it in place: it has one writer. */
export interface FeedState {
  readonly settings: FeedSettings;
  phase: FeedPhase;
  readonly links: Map<number, FeedLink>;
  /** By id: the newest incarnation. */
  readonly consumers: Map<number, ConsumerRecord>;
  /** Consumers whose processes are over, while their connections are read. */
  readonly going: Set<ConsumerRecord>;
  /** By id: the oldest incarnation that is let in. */
  readonly floors: Map<number, number>;

  readonly items: ItemTable;
  readonly ready: ReadyItems;
  /** Items that were adopted and are not settled, by their keys. */
  readonly adopted: Map<string, FeedItem>;
  /** Hellos for which the source is being asked. */
  adopting: number;
  /** Consumers for which it is being asked, by their ids; and the newer hello of one that waits for the answer. */
  readonly adoptions: Map<number, NewerHello | undefined>;
  nextId: number;
  /** About the bytes of an item, by those that were claimed. */
  averageSize: number;

  /** Consumers that get items now, and how many all of them together. */
  readonly open: Set<ConsumerRecord>;
  room: number;
  /** Consumers that are connected and have nothing, for longest first. */
  readonly idle: Set<ConsumerRecord>;
  /** Consumers that have something to be confirmed. */
  readonly confirming: Set<ConsumerRecord>;
  /** Items that consumers have. */
  held: number;
  /** Since when items have waited without a break, with the consumers that there are; Infinity: none waits. */
  waitsSince: number;
  /** Items whose outcome the source has not taken. */
  unsettled: number;
  readingPaused: boolean;
  /** While reading is paused, and a little longer, no time-out counts. */
  patientUntil: number;

  claiming: boolean;
  /** The claim takes its time. */
  claimWaits: boolean;
  /** It was woken while it was claiming. */
  woken: boolean;
  claimAt: number;
  claimFailures: number;
  sourceEnded: boolean;
  /** The last claim of an ended source threw. */
  sourceFailed: boolean;
  emptyLoggedAt: number;

  /** When busy and idle consumers are compared; Infinity: not. */
  balanceAt: number;
  /** Not later than the next thing that falls due. */
  deadline: number;

  done: number;
  failed: number;
  released: number;
}

export function createFeedState(settings: FeedSettings): FeedState {
  return {
    settings,
    phase: 'idle',
    links: new Map(),
    consumers: new Map(),
    going: new Set(),
    floors: new Map(),
    items: new ItemTable(),
    ready: new ReadyItems(),
    adopted: new Map(),
    adopting: 0,
    adoptions: new Map(),
    nextId: 1,
    averageSize: 0,
    open: new Set(),
    room: 0,
    idle: new Set(),
    confirming: new Set(),
    held: 0,
    waitsSince: Infinity,
    unsettled: 0,
    readingPaused: false,
    patientUntil: 0,
    claiming: false,
    claimWaits: false,
    woken: false,
    claimAt: 0,
    claimFailures: 0,
    sourceEnded: false,
    sourceFailed: false,
    emptyLoggedAt: -Infinity,
    balanceAt: Infinity,
    deadline: Infinity,
    done: 0,
    failed: 0,
    released: 0,
  };
}

/** The window that a consumer starts with. */
export function firstWindow({ concurrency, window }: FeedSettings): number {
  return window === 'auto' ? concurrency : Math.max(window, concurrency);
}

/** A consumer that is away and has nothing need not be remembered. */
export function forgetUnneeded({ consumers }: FeedState, consumer: ConsumerRecord): void {
  if (consumer.link !== undefined || isNeeded(consumer) || consumers.get(consumer.id) !== consumer) return;
  consumers.delete(consumer.id);
}
