import type { LogLevel } from '@distributed-architecture/core';
import type {
  BytesMessage,
  ConsumerMessage,
  FeederMessage,
  HelloMessage,
  IdRanges,
  ItemsMessage,
} from '../protocol/feed-message.js';
import type { Claimed, FailedItem } from '../source/item-source.js';
import type { FeedItem } from './feed-item.js';

export type FeedEvent =
  /** Somebody has connected. */
  | { readonly type: 'accepted'; readonly link: number; readonly peer: string; readonly identity: string | undefined }
  | { readonly type: 'heard'; readonly link: number; readonly messages: readonly ConsumerMessage[] }
  /** What was heard is no message. */
  | { readonly type: 'garbled'; readonly link: number; readonly problem: string }
  /** @param whole everything that the other end had said was heard before */
  | { readonly type: 'closed'; readonly link: number; readonly whole: boolean }
  /** Too much of what was said is unsent; enough was sent again. */
  | { readonly type: 'choked' | 'unchoked'; readonly link: number }
  /** The launcher has seen the end of that incarnation. */
  | { readonly type: 'consumer-gone'; readonly id: number; readonly incarnation: number }
  | { readonly type: 'let-go'; readonly count: number; readonly among?: readonly number[] }
  /** `claim` has given nothing as yet: of each claim the feeder is told this or its result before anything else happens. */
  | { readonly type: 'claim-waits' }
  /** What `claim` gave; `ended`: it will never give anything again. */
  | {
      readonly type: 'claimed';
      readonly items: readonly FeedItem[];
      readonly invalid: readonly FailedItem[];
      readonly ended: boolean;
    }
  | { readonly type: 'claim-failed'; readonly problem: string; readonly ended: boolean }
  | AdoptedEvent
  | { readonly type: 'settled'; readonly batch: OutcomeBatch; readonly problem?: string }
  /** The source is open. */
  | { readonly type: 'start' }
  | { readonly type: 'wake' }
  | { readonly type: 'stop' }
  | { readonly type: 'tick' };

/** What `adopt` gave for the keys of that hello; `problem`: it has thrown. */
export interface AdoptedEvent {
  readonly type: 'adopted';
  readonly link: number;
  readonly hello: HelloMessage;
  readonly items: readonly FeedItem[];
  readonly invalid: readonly FailedItem[];
  readonly problem?: string;
}

/** Outcomes that are told to the source together. */
export interface OutcomeBatch {
  readonly outcome: 'complete' | 'fail' | 'release';
  /** Whom to confirm them to, when the source has taken them; undefined: nobody. */
  readonly to: { readonly id: number; readonly incarnation: number } | undefined;
  readonly ids: IdRanges;
  /** Of `complete` and `release`. */
  readonly items: readonly Claimed[];
  /** Of `fail`. */
  readonly failed: readonly FailedItem[];
}

export type FeedEffect =
  | {
      readonly type: 'say';
      readonly link: number;
      readonly message: Exclude<FeederMessage, ItemsMessage | BytesMessage>;
    }
  /** In this order; each whole run of numbers goes into one frame. So many of the first count as begun. */
  | { readonly type: 'say-items'; readonly link: number; readonly items: readonly FeedItem[]; readonly begun: number }
  /** Ends a connection after what was said, reading on. */
  | { readonly type: 'end'; readonly link: number }
  | { readonly type: 'cut'; readonly link: number }
  /** Of all connections. */
  | { readonly type: 'pause-reading' | 'resume-reading' }
  | { readonly type: 'claim'; readonly max: number }
  | { readonly type: 'adopt'; readonly link: number; readonly hello: HelloMessage; readonly keys: readonly string[] }
  | { readonly type: 'tell-source'; readonly batch: OutcomeBatch }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  /** A stranger misbehaves: there may be many such lines. */
  | { readonly type: 'complain'; readonly message: string }
  | { readonly type: 'leaving'; readonly id: number; readonly incarnation: number }
  | { readonly type: 'kill-request'; readonly id: number; readonly incarnation: number; readonly reason: string }
  /** All is over; the source is to be closed. */
  | { readonly type: 'finish' };
