import { Alarm, type Clock, type DemandMessage } from '@distributed-architecture/core';

const SHORTEST_MS = 100;
const LONGEST_MS = 1000;

/** Reports demand: at most every 100 ms when it has changed, else once a second. */
export class DemandReporter {
  readonly #alarm: Alarm;
  #reportedAt = -Infinity;
  #last: DemandMessage | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly demand: () => DemandMessage,
    private readonly report: (demand: DemandMessage) => void,
  ) {
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  /** It may have changed. */
  touch(): void {
    this.#alarm.set(this.#reportedAt + SHORTEST_MS);
  }

  /** Reports a last time. */
  end(): void {
    this.#alarm.cancel();
    this.#send(this.demand());
  }

  #ring(): void {
    const demand = this.demand();
    const isDue = this.clock.monotonicMs() >= this.#reportedAt + LONGEST_MS;
    if (isDue || hasChanged(demand, this.#last)) this.#send(demand);
    this.#alarm.set(this.#reportedAt + LONGEST_MS);
  }

  #send(demand: DemandMessage): void {
    this.#reportedAt = this.clock.monotonicMs();
    this.#last = demand;
    this.report(demand);
  }
}

function hasChanged(demand: DemandMessage, last: DemandMessage | undefined): boolean {
  const { waiting, held, consumers, idle, letGo, done, failed } = demand;
  return (
    last === undefined ||
    waiting !== last.waiting ||
    held !== last.held ||
    consumers !== last.consumers ||
    idle !== last.idle ||
    letGo !== last.letGo ||
    done !== last.done ||
    failed !== last.failed
  );
}
