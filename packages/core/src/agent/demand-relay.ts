import type { DemandOfFeeder } from '../agent-channel/agent-message.js';
import type { DemandMessage } from '../channel/queue-message.js';
import type { Clock } from '../clock/clock.js';

/** A feeder's demand is passed on at most so often. */
const INTERVAL_MS = 100;

export interface DemandRelayOptions {
  readonly clock: Clock;
  /** @returns false when there is no room now: `pump` tells when there is */
  readonly send: (demand: DemandOfFeeder) => boolean;
}

interface Latest {
  demand: DemandOfFeeder | undefined;
  sentAt: number;
}

/** What feeders ask for, on its way to the master: the latest of each takes the place of those before, and nothing waits for it. */
export class DemandRelay {
  readonly #options: DemandRelayOptions;
  readonly #feeders = new Map<number, Latest>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: DemandRelayOptions) {
    this.#options = options;
  }

  add(id: number, incarnation: number, demand: DemandMessage): void {
    const latest = this.#feeders.get(id) ?? { demand: undefined, sentAt: -Infinity };
    this.#feeders.set(id, latest);
    latest.demand = { type: 'demand', id, incarnation, demand };
    this.pump();
  }

  /** The feeder has ended. @returns what it has said last, if that was not sent */
  takeLast(id: number): DemandOfFeeder | undefined {
    const last = this.#feeders.get(id)?.demand;
    this.#feeders.delete(id);
    return last;
  }

  /** Sends what is due, as far as there is room. */
  pump(): void {
    const { clock, send } = this.#options;
    let wait = Infinity;
    for (const each of this.#feeders.values()) {
      if (each.demand === undefined) continue;
      const dueIn = each.sentAt + INTERVAL_MS - clock.monotonicMs();
      if (dueIn > 0) wait = Math.min(wait, dueIn);
      else if (send(each.demand)) Object.assign(each, { demand: undefined, sentAt: clock.monotonicMs() });
    }
    this.#ringIn(wait);
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #ringIn(ms: number): void {
    this.close();
    if (ms === Infinity) return;
    this.#cancelTimer = this.#options.clock.setTimer(ms, () => {
      this.#cancelTimer = undefined;
      this.pump();
    });
  }
}
