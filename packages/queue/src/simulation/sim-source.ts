import type { ItemFailedError } from '../source/item-errors.js';
import type { Claimed, FailedItem, ItemSource } from '../source/item-source.js';
import { Dice } from './dice.js';
import { maxItemSize } from './schedule.js';
import type { SimProcess } from './sim-process.js';
import type { ItemTruth, LifeTruth } from './truth.js';
import type { World } from './world.js';

interface CallOptions {
  /** It takes up to so long; 0: no promise. */
  readonly slowMs?: number;
  /** It throws, and has come so far. */
  readonly failing?: () => void;
  /** Learns how to end the call early. */
  readonly hurried?: (hurry: () => void) => void;
}

/** The source of one life of the feeder. */
export class SimSource implements ItemSource {
  readonly capabilities: { readonly adopt: boolean };
  readonly #dice: Dice;
  readonly #items = new Map<Claimed, ItemTruth>();
  /** Ends the claim that waits. */
  #hurry = (): void => {};

  constructor(
    private readonly world: World,
    private readonly process: SimProcess,
    private readonly life: LifeTruth,
  ) {
    const { source, seed } = world.schedule;
    this.capabilities = { adopt: source.adopts };
    this.#dice = new Dice(seed, 22, life.incarnation);
  }

  claim(max: number): readonly Claimed[] | Promise<readonly Claimed[]> {
    return this.#call(
      () => {
        const items = this.world.store.claim(this.life, max);
        for (const item of items) this.world.judge.claimed(item, this.life);
        this.world.note(() => `source: claimed ${items.map(({ number }) => number).join(' ')}`);
        return items.map((item) => this.#claimedOf(item));
      },
      { hurried: (hurry) => (this.#hurry = hurry) },
    );
  }

  ended(): boolean {
    return this.world.store.isEmpty(this.life);
  }

  complete(items: readonly Claimed[]): void | Promise<void> {
    return this.#tell(items.map((claimed) => [claimed, 'complete']));
  }

  fail(items: readonly FailedItem[]): void | Promise<void> {
    return this.#tell(items.map(({ claimed, reason }) => [claimed, reason.kind]));
  }

  release(items: readonly Claimed[]): void | Promise<void> {
    return this.#tell(items.map((claimed) => [claimed, 'release']));
  }

  adopt(keys: readonly string[]): readonly Claimed[] | Promise<readonly Claimed[]> {
    const failing = (): void => {
      for (const key of keys) this.world.items[Number(key)]!.unadopted = true;
    };
    return this.#call(
      () => {
        const items = this.world.store.adopt(this.life, keys);
        for (const item of items) this.world.judge.claimed(item, this.life);
        this.world.note(() => `source: adopted ${items.map(({ number }) => number).join(' ')} of ${keys.join(' ')}`);
        return items.map((item) => this.#claimedOf(item));
      },
      { failing },
    );
  }

  size(): number | undefined {
    return undefined;
  }

  /** A claim that waits ends with what it has. */
  close(): void | Promise<void> {
    this.#hurry();
    this.life.saidBye = true;
    return this.#call(() => {});
  }

  #tell(outcomes: readonly (readonly [claimed: Claimed, outcome: ItemFailedError['kind'] | 'complete' | 'release'])[]) {
    const { world, life } = this;
    const told = outcomes.map(([claimed, outcome]) => [this.#itemOf(claimed), outcome] as const);
    for (const [item, outcome] of told) world.judge.outcome(item, life, outcome);
    if (told[0]?.[1] === 'release') world.store.release(told.map(([item]) => item));
    // A late answer is confirmed at once; when this feeder dies before the store has the time-out, nobody knows of either.
    for (const [item, outcome] of told) if (outcome === 'timeout') item.unadopted = true;
    const take = (): void => {
      for (const [item, outcome] of told) if (outcome !== 'release') world.store.take(item);
    };
    if (world.schedule.sabotage === 'confirm-early') {
      world.timeline.after(1000, () => {
        if (this.process.alive) take();
      });
      return world.judge.settled(told.length);
    }
    const settle = (): void => {
      take();
      world.judge.settled(told.length);
    };
    // When it throws that is an end, too.
    return this.#call(settle, { slowMs: world.schedule.source.settleMs, failing: settle });
  }

  /** Runs it now or later, as the schedule has it; it may throw instead. */
  #call<T>(
    act: () => T,
    { slowMs = this.world.schedule.source.slowMs, failing, hurried }: CallOptions = {},
  ): T | Promise<T> {
    const { throws } = this.world.schedule.source;
    const fails = this.#dice.chance(throws);
    const run = (): T => {
      if (!fails) return act();
      failing?.();
      throw new Error('the source throws');
    };
    if (slowMs === 0 || this.#dice.chance(0.2)) return run();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // A store may have taken something while its feeder dies before it learns of it.
    let isOver = false;
    const finish = (ms: number): void => {
      if (isOver) return;
      isOver = true;
      settledBy(run).then(
        (result) => this.process.after(ms, () => resolve(result)),
        (error: Error) => this.process.after(ms, () => reject(error)),
      );
    };
    this.process.after(this.#dice.random() * slowMs, () => finish(this.#dice.random() * 3));
    hurried?.(() => finish(0));
    return promise;
  }

  #claimedOf(item: ItemTruth): Claimed {
    const key = this.capabilities.adopt ? { key: String(item.number) } : {};
    const claimed = { item: this.#bodyOf(item), ...key };
    this.#items.set(claimed, item);
    return claimed;
  }

  #itemOf(claimed: Claimed): ItemTruth {
    return this.#items.get(claimed)!;
  }

  #bodyOf({ number, kind, size }: ItemTruth): unknown {
    if (kind === 'invalid') return this.#dice.pick([undefined, 1n, 'x'.repeat(maxItemSize(this.world.schedule))]);
    if (kind === 'json') return size > 10 ? { n: number, pad: 'x'.repeat(size - 10) } : { n: number };
    const bytes = Buffer.alloc(size);
    bytes.writeUInt32BE(number);
    return bytes;
  }
}

function settledBy<T>(run: () => T): Promise<T> {
  return new Promise((resolve) => resolve(run()));
}
