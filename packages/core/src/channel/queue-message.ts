import type { WorkMeasure } from '../metrics/process-measure.js';

/*
 * What a launcher and the processes of a queue group say to each other, besides what it says to any slave. All numbers
 * are whole, from 0; a process is named by its id, one life of it by its incarnation as well.
 */

export type QueueRole = 'feeder' | 'consumer';

/** Part of `start`: what a process of a queue group is. */
export interface QueueStart {
  readonly role: QueueRole;
  /** Base64 of 32 bytes. A feeder has the key of its queue group and run, a consumer the one derived from that for its incarnation. */
  readonly key: string;
  /** Where a feeder listens: a unix socket in the run directory; undefined for consumers. */
  readonly socket?: string;
  /** Where a feeder listens besides, for consumers on other hosts. */
  readonly tcp?: { readonly host: string; readonly port: number };
}

/** Where a consumer finds its feeder. */
export type FeederAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** To a consumer: a feeder is there. Again for each incarnation of the feeder, and to each consumer that starts later. */
export interface FeederReadyMessage {
  readonly type: 'feeder-ready';
  /** Incarnation of the feeder. */
  readonly incarnation: number;
  readonly address: FeederAddress;
}

/** To a consumer: that incarnation of the feeder is over. The consumer answers `drained` as soon as it holds nothing that is begun. */
export interface FeederGoneMessage {
  readonly type: 'feeder-gone';
  readonly incarnation: number;
}

/** To a feeder: that incarnation of a consumer has ended for sure; what it held is lost. */
export interface ConsumerGoneMessage {
  readonly type: 'consumer-gone';
  readonly id: number;
  readonly incarnation: number;
}

/** To a feeder: so many idle consumers are to leave; it answers with `leaving` for each that it chooses. */
export interface LetGoMessage {
  readonly type: 'let-go';
  readonly count: number;
  /** Ids of those that may be chosen. Default: all. */
  readonly among?: readonly number[];
}

export type QueueLauncherMessage = FeederReadyMessage | FeederGoneMessage | ConsumerGoneMessage | LetGoMessage;

/** Of a feeder: how much there is to do. At most every 100 ms when it changes, else once a second; also counts for the status. */
export interface DemandMessage {
  readonly type: 'demand';
  /** Items that wait and that no consumer has; of a source that cannot tell at least those that the feeder has claimed. */
  readonly waiting: number;
  /** Items that consumers have. */
  readonly held: number;
  /** Consumers that are connected; those of them that have no item. */
  readonly consumers: number;
  readonly idle: number;
  /** Consumers that have had no item for `max_idle_time`. */
  readonly letGo: number;
  /** Estimated time to clear what waits with the consumers that are there, in milliseconds; absent: cannot be told, though something waits. */
  readonly clearMs?: number;
  /** How long items have waited without a break, with the consumers that are there, in milliseconds. */
  readonly waitedMs: number;
  /** Items by outcome, in this life of the feeder. */
  readonly done: number;
  readonly failed: number;
}

/** Of a feeder: this consumer gets no more items and has none; the launcher may stop it. */
export interface LeavingMessage {
  readonly type: 'leaving';
  readonly id: number;
  readonly incarnation: number;
}

/** Of a feeder: this consumer has to be killed, for an item that has timed out did not let go. */
export interface KillRequestMessage {
  readonly type: 'kill-request';
  readonly id: number;
  readonly incarnation: number;
  /** For the log. */
  readonly reason: string;
}

/** Of a consumer: it has nothing begun of that incarnation of the feeder. */
export interface DrainedMessage {
  readonly type: 'drained';
  /** Incarnation of the feeder that is gone. */
  readonly feeder: number;
}

export type QueueSlaveMessage = DemandMessage | LeavingMessage | KillRequestMessage | DrainedMessage;

/** The queue's part of a slave's channel. */
export interface QueueChannel {
  readonly start: QueueStart;
  /** Under an agent: without it nothing may begin. It is told at the moment. */
  readonly lease?: { readonly held: boolean };
  /** Learns of all messages, also of those that came before this call. */
  listen(listener: (message: QueueLauncherMessage) => void): void;
  send(message: QueueSlaveMessage): void;
  /**
   * Of a feeder: it listens and hands out items, from now on its silence counts.
   *
   * @param adopts its source can go on with what consumers of a dead feeder hold
   */
  feederReady(adopts: boolean): void;
  /** Of a consumer: the statistics of its process ask this what it has done. */
  measureBy(measure: () => WorkMeasure): void;
  /** Of a feeder that boots: it waits for its port, or it goes on. */
  waits(waiting: boolean): void;
}
