import type { DistributedArchitectureError, LogLevel } from '@distributed-architecture/core';
import type { ConsumerMessage, FeederMessage } from '../protocol/feed-message.js';
import type { FeedAddress } from '../transport/byte-link.js';
import type { BegunItem } from './begun-item.js';

export type ConsumerEvent =
  /** Of the launcher or the user. */
  | { readonly type: 'feeder-ready'; readonly address: FeedAddress; readonly incarnation: number | undefined }
  | { readonly type: 'feeder-gone'; readonly incarnation: number | undefined }
  | { readonly type: 'stop' }
  /** The connection is there; `proven`: its TLS key has shown who we are. */
  | { readonly type: 'linked'; readonly proven: boolean }
  /** It could not be made. */
  | { readonly type: 'failed'; readonly reason: string }
  /** It ended, or what came over it was no message. */
  | { readonly type: 'closed'; readonly reason: string }
  | { readonly type: 'messages'; readonly messages: readonly FeederMessage[] }
  /** What was announced has left this process; `late`: not as soon as it was written. */
  | { readonly type: 'flushed'; readonly late: boolean }
  /** Whether a chunk of items may begin. */
  | { readonly type: 'permission'; readonly given: boolean }
  /** Items were answered, or time has passed. */
  | { readonly type: 'turn' };

export type ConsumerEffect =
  | { readonly type: 'connect'; readonly address: FeedAddress }
  /** Cut the connection or the attempt. */
  | { readonly type: 'drop' }
  /** End it after what was written. */
  | { readonly type: 'end' }
  /** `announces`: tell when it has left this process. */
  | { readonly type: 'send'; readonly messages: readonly ConsumerMessage[]; readonly announces: boolean }
  | { readonly type: 'ask' }
  | { readonly type: 'time-out'; readonly items: readonly BegunItem[] }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  /** Nothing more will happen. */
  | { readonly type: 'over'; readonly error: DistributedArchitectureError | undefined };

export interface ConsumerMoment {
  readonly now: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

export function log(level: LogLevel, message: string): ConsumerEffect {
  return { type: 'log', level, message };
}
