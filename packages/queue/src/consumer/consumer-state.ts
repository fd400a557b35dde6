import type { Logger } from '@distributed-architecture/core';
import type { FeedAddress } from '../transport/byte-link.js';
import { AnswerBook } from './answer-book.js';
import type { BegunItem } from './begun-item.js';
import type { Farewell } from './farewell.js';
import { ItemQueue } from './item-queue.js';
import { Pace } from './pace.js';

/**
 * - `waiting`: no feeder is known
 * - `connecting`: on its way to one
 * - `greeting`: connected, no welcome yet
 * - `connected`: items flow
 * - `lost`: the connection ended or failed, the next attempt is due
 * - `leaving`: all is confirmed, bye was said
 * - `over`
 */
export type ConsumerPhase = 'waiting' | 'connecting' | 'greeting' | 'connected' | 'lost' | 'leaving' | 'over';

export interface ConsumerSettings {
  readonly id: number;
  readonly incarnation: number;
  /** Base64; undefined: the feeder has none. */
  readonly key: string | undefined;
  readonly concurrency: number;
  /** Beginning needs a permission each time. */
  readonly guarded: boolean;
  /** What `context.log` of items is made of. */
  readonly logger: Logger;
}

/** All that a consumer knows. It has one writer, the engine, through the moves of the machine. Times are monotonic milliseconds. */
export interface ConsumerState {
  readonly settings: ConsumerSettings;
  phase: ConsumerPhase;
  /** When the phase began. */
  since: number;
  stopping: boolean;
  /** Where the feeder is, and which incarnation of it. */
  address: FeedAddress | undefined;
  incarnation: number;
  /** The life of the feeder that all items are of; null: none said welcome yet, or it is over. */
  life: string | null;
  /** The items of this life have keys: another life may go on with them. */
  keyed: boolean;
  readonly keys: Map<number, string>;

  /** Items in the order in which they are handled: not announced ... */
  readonly queue: ItemQueue;
  /** ... announced, but the announcement has not left this process ... */
  readonly pending: ItemQueue;
  /** ... and those that may begin. */
  readonly ready: ItemQueue;
  /** What is written leaves this process only after a while. */
  flushesLate: boolean;
  /** When `ready` was filled. */
  readySince: number;
  /** What each lane handles; a lane handles one item at a time, there are `concurrency` of them. */
  readonly running: (BegunItem | undefined)[];
  runningCount: number;
  /** Items that were handled, and that failed, whoever was told. */
  done: number;
  failed: number;
  readonly book: AnswerBook;
  readonly pace: Pace;
  /** Lives that are over and of which items are being handled. */
  readonly farewells: Set<Farewell>;
  /** Permission to begin was asked for. */
  asked: boolean;
  permitted: boolean;
  /** It was refused: asked for again then. */
  askAt: number;

  /** When the feeder was heard, and when something was said to it. */
  heardAt: number;
  saidAt: number;
  /** Attempts and short connections in a row. */
  failures: number;
  retryAt: number;
  /** The attempts that fail have been told. */
  toldFailure: boolean;
  /** The feeder knows that it is stopping, or will by the hello. */
  toldStopping: boolean;
  /** Of a stopping consumer: since when it has had nothing to do but to deliver its answers, and no connection. */
  strandedSince: number | undefined;
}

export function createConsumerState(settings: ConsumerSettings, now: number): ConsumerState {
  return {
    settings,
    phase: 'waiting',
    since: now,
    stopping: false,
    toldStopping: false,
    address: undefined,
    incarnation: -1,
    life: null,
    keyed: false,
    keys: new Map(),
    queue: new ItemQueue(),
    pending: new ItemQueue(),
    ready: new ItemQueue(),
    flushesLate: false,
    readySince: now,
    running: Array.from({ length: settings.concurrency }, () => undefined),
    runningCount: 0,
    done: 0,
    failed: 0,
    book: new AnswerBook(),
    pace: new Pace(settings.concurrency),
    farewells: new Set(),
    asked: false,
    permitted: false,
    askAt: 0,
    heardAt: now,
    saidAt: now,
    failures: 0,
    retryAt: 0,
    toldFailure: false,
    strandedSince: undefined,
  };
}

/** Enters a phase. */
export function enter(state: ConsumerState, phase: ConsumerPhase, now: number): void {
  state.phase = phase;
  state.since = now;
}
