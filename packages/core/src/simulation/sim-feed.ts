/** A played consumer, as its feeder sees it. */
export interface FedConsumer {
  readonly id: number;
  readonly incarnation: number;
  readonly alive: boolean;
  /** Incarnation of the feeder to which it is connected. */
  readonly feeder: number | undefined;
  /** An item is on its way to it, or begun. */
  readonly busy: boolean;
  readonly begunAt: number;
  readonly idleSince: number;
  /** It was let go. */
  readonly leaving: boolean;
  killAsked: boolean;
  leave(): void;
  /** An item is sent to it, which it will handle for so long; Infinity: for ever. */
  take(feeder: number, ms: number, finished: () => void): void;
}

/** What a feeder and its consumers know of each other without their launcher: who is connected. */
export class SimFeed {
  readonly #consumers = new Set<FedConsumer>();

  add(consumer: FedConsumer): void {
    this.#consumers.add(consumer);
  }

  /** Consumers that have connected to this incarnation of the feeder and live. */
  connectedTo(feeder: number): FedConsumer[] {
    for (const each of this.#consumers) if (!each.alive) this.#consumers.delete(each);
    return [...this.#consumers].filter((each) => each.feeder === feeder);
  }
}
