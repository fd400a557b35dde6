import type { WireError } from '../protocol/feed-message.js';
import type { BegunItem } from './begun-item.js';
import { HandlingMeter, LaneMeter } from './handling-meter.js';
import { itemScope, type ItemContext } from './item-context.js';
import { toWireError } from './wire-error.js';

export type ItemHandler<T> = (item: T, context: ItemContext) => void | Promise<void>;

/** What lanes need of the engine. */
export interface LaneOwner {
  /** The next item that may begin; undefined: none now. */
  begin(lane: number): BegunItem | undefined;
  settled(lane: number, error: WireError | undefined): void;
  /** A lane has nothing more to begin. */
  idle(): void;
  /** Answers are there, and the lane waits for its item. */
  waiting(): void;
  /** Undefined while there is time to go on; else others get their turn first. */
  pause(now: number): Promise<void> | undefined;
  /** Monotonic milliseconds. */
  now(): number;
}

/** The time is looked at after so many items: that costs more than a tiny item. */
const LOOK_EVERY = 8;

/** Calls the handler, one item at a time in each lane. Only what is a promise is awaited. */
export class Lanes<T> {
  readonly meter = new HandlingMeter();
  readonly #handle: ItemHandler<T>;
  readonly #owner: LaneOwner;
  readonly #free: number[];
  readonly #meters: readonly LaneMeter[];

  constructor(concurrency: number, handle: ItemHandler<T>, owner: LaneOwner) {
    this.#handle = handle;
    this.#owner = owner;
    this.#free = Array.from({ length: concurrency }, (_, index) => concurrency - 1 - index);
    this.#meters = Array.from({ length: concurrency }, () => new LaneMeter(this.meter));
  }

  /** Starts lanes as long as there are items that may begin. */
  fill(now: number): void {
    let beginsAt: number | undefined = now;
    for (let lane = this.#free.pop(); lane !== undefined; lane = this.#free.pop()) {
      const item = this.#owner.begin(lane);
      if (item === undefined) {
        this.#free.push(lane);
        return;
      }
      this.#meters[lane]!.begin(beginsAt ?? this.#owner.now());
      beginsAt = undefined;
      void this.#run(lane, item);
    }
  }

  async #run(lane: number, first: BegunItem): Promise<void> {
    const owner = this.#owner;
    const meter = this.#meters[lane]!;
    let count = 0;
    for (let item: BegunItem | undefined = first; item !== undefined; item = owner.begin(lane)) {
      let error: WireError | undefined;
      try {
        const result: unknown = itemScope.run(item, this.#handle, item.body as T, item);
        if (isThenable(result)) {
          owner.waiting();
          await result;
        }
      } catch (thrown) {
        error = toWireError(thrown);
      }
      owner.settled(lane, error);
      const isToPause = ++count % LOOK_EVERY === 0;
      if (!meter.settled() && !isToPause) continue;
      const now = owner.now();
      meter.measure(now);
      const pause = isToPause ? owner.pause(now) : undefined;
      if (pause === undefined) continue;
      await pause;
      meter.begin(owner.now());
    }
    if (meter.isBehind) meter.measure(owner.now());
    this.#free.push(lane);
    owner.idle();
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
