import type { Clock, DemandMessage, KillRequestMessage, LeavingMessage, Logger } from '@distributed-architecture/core';
import type { FeederLike } from '../source/feeder.js';
import type { ItemSource } from '../source/item-source.js';
import type { FeedAddress } from '../transport/byte-link.js';

/** Durations in seconds. */
export interface FeederOptions<T = unknown> {
  /** Where items come from. */
  readonly source: ItemSource<T> | FeederLike<T>;
  /** Where consumers connect: unix sockets, and TCP. */
  readonly listen: readonly FeedAddress[];
  /**
   * Key of the queue group, 32 bytes: consumers have to prove theirs, and TCP speaks TLS. Without it only unix sockets
   * and loopback addresses can be listened on, and everybody who can connect is a consumer.
   */
  readonly key?: Buffer;
  /** Items that a consumer handles at once. Default 1. */
  readonly concurrency?: number;
  /** Items that a consumer may have unanswered. Default `auto`: about 20 ms of work. */
  readonly window?: number | 'auto';
  /** Bytes of the largest item, as JSON. Default 1 MiB. */
  readonly maxItemSize?: number;
  /** How long an item may take. Default 0: any time. */
  readonly itemTimeout?: number;
  /** What a consumer gets to let go of an item that has timed out. Default 5, with concurrency 1 it is 1. */
  readonly abortGrace?: number;
  /** An empty source is asked again after so long. Default 1. */
  readonly pollInterval?: number;
  /** Consumers that have had nothing for so long may leave. Default 0: never. */
  readonly maxIdleTime?: number;
  readonly logger: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly listener?: FeederListener;
}

/** What a feeder tells its launcher. */
export interface FeederListener {
  /** Somebody else has its address: it waits until that is free; or it goes on. */
  waiting?(waiting: boolean): void;
  demand(message: DemandMessage): void;
  /** That consumer has nothing and gets nothing more. */
  leaving(message: LeavingMessage): void;
  /** That consumer does not let go of an item that has timed out. */
  killRequest(message: KillRequestMessage): void;
}

export interface FeederStatistics {
  /** Items that no consumer has: claimed ones, and those of the source where it knows. */
  readonly waiting: number;
  /** Items that consumers have. */
  readonly held: number;
  readonly done: number;
  readonly failed: number;
  /** Items that went back to the source at the end. */
  readonly released: number;
  /** Consumers that are connected. */
  readonly consumers: number;
}
