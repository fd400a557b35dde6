import type { Dice } from './dice.js';
import type { Timeline } from './timeline.js';

/** `end`: after all that was written; `reset`: its reader has gone with unread bytes, or does not exist any more. */
export type Parcel = Buffer | 'end' | 'reset';

/** What is split arrives as two. */
const SPLIT_SHARE = 0.03;

interface InTransit {
  readonly parcel: Parcel;
  readonly at: number;
}

/** One direction of a connection, from the moment bytes have left their writer's process until they reach their reader's machine. */
export class SimPipe {
  #transit: InTransit[] = [];
  #stalledUntil = 0;
  #lastAt = 0;
  #planned = false;
  #cut = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly dice: Dice,
    private readonly options: { readonly delay: () => number; readonly arrive: (parcel: Parcel) => void },
  ) {}

  /** @param from the time of who sends it */
  carry(parcel: Parcel, from: number): void {
    if (this.#cut) return;
    if (typeof parcel === 'string' || parcel.length < 2 || !this.dice.chance(SPLIT_SHARE))
      return this.#add(parcel, from);
    const middle = this.dice.between(1, parcel.length - 1);
    this.#add(parcel.subarray(0, middle), from);
    this.#add(parcel.subarray(middle), from);
  }

  /** Nothing moves for so long. */
  stall(ms: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.timeline.now + ms);
  }

  /** Nothing ever arrives any more. */
  cut(): void {
    this.#cut = true;
    this.#transit = [];
  }

  #add(parcel: Parcel, from: number): void {
    this.#lastAt = Math.max(this.#lastAt, from + this.options.delay());
    this.#transit.push({ parcel, at: this.#lastAt });
    this.#plan();
  }

  #plan(): void {
    const first = this.#transit[0];
    if (this.#planned || first === undefined) return;
    this.#planned = true;
    const at = Math.max(first.at, this.#stalledUntil);
    this.timeline.after(at - this.timeline.now, () => {
      this.#planned = false;
      if (this.#stalledUntil <= this.timeline.now) this.#arrive();
      this.#plan();
    });
  }

  #arrive(): void {
    const first = this.#transit.shift();
    if (first !== undefined) this.options.arrive(first.parcel);
  }
}
