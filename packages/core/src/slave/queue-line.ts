import type { QueueChannel, QueueLauncherMessage, QueueSlaveMessage, QueueStart } from '../channel/queue-message.js';
import type { WorkMeasure } from '../metrics/process-measure.js';

/** What the queue's part of a channel needs of its session. */
export interface QueueLineLinks {
  readonly send: (message: QueueSlaveMessage) => void;
  readonly feederReady: (adopts: boolean) => void;
  readonly waits: (waiting: boolean) => void;
  readonly lease?: { readonly held: boolean };
}

/** The queue's part of a slave's channel. It keeps what comes before anybody listens. */
export class QueueLine implements QueueChannel {
  readonly #links: QueueLineLinks;
  #listener: ((message: QueueLauncherMessage) => void) | undefined;
  #early: QueueLauncherMessage[] = [];
  #measureWork: (() => WorkMeasure) | undefined;

  constructor(
    readonly start: QueueStart,
    links: QueueLineLinks,
  ) {
    this.#links = links;
  }

  get lease(): { readonly held: boolean } | undefined {
    return this.#links.lease;
  }

  listen(listener: (message: QueueLauncherMessage) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  send(message: QueueSlaveMessage): void {
    this.#links.send(message);
  }

  feederReady(adopts: boolean): void {
    this.#links.feederReady(adopts);
  }

  waits(waiting: boolean): void {
    this.#links.waits(waiting);
  }

  measureBy(measure: () => WorkMeasure): void {
    this.#measureWork = measure;
  }

  /** Undefined: of a feeder, and before there is something to measure. */
  measure(): WorkMeasure | undefined {
    return this.#measureWork?.();
  }

  receive(message: QueueLauncherMessage): void {
    if (this.#listener === undefined) this.#early.push(message);
    else this.#listener(message);
  }
}
