import { Dice } from './dice.js';
import type { ItemTruth, LifeTruth, Truth } from './truth.js';

/** What a store gives out again when the feeder that had it is dead for so long, and nobody can have it. */
const LEASE_MS = 20_000;

/** Items come one by one, so often. */
const ARRIVAL_MS = 40;

/** What is behind all lives of the feeder: a list of its own or a store, whose outcomes are durable when it has taken them. */
export class SimStore {
  /** No more items will come. */
  closing = false;
  /** Items up to here were claimed. */
  #fresh = 0;
  readonly #released: ItemTruth[] = [];
  readonly #taken = new Set<ItemTruth>();

  constructor(private readonly world: Truth) {
    const { items, seed } = world.schedule;
    const dice = new Dice(seed, 21);
    for (let number = 0; number < items.count; number++) {
      const kind = dice.chance(items.invalid) ? 'invalid' : dice.pick(['json', 'json', 'json', 'bytes'] as const);
      const size = items.large > 0 ? dice.between(items.large / 2, items.large) : 10;
      world.items.push({
        number,
        kind,
        size,
        life: undefined,
        outcome: undefined,
        handlings: [],
        sentTo: new Set(),
        unadopted: false,
      });
    }
  }

  /** The outcome is durable. */
  take(item: ItemTruth): void {
    this.#taken.add(item);
  }

  release(items: readonly ItemTruth[]): void {
    this.#released.push(...items);
  }

  claim(life: LifeTruth, max: number): ItemTruth[] {
    const items: ItemTruth[] = [];
    const add = (item: ItemTruth | undefined): boolean => item !== undefined && items.push(item) > 0;
    while (items.length < max && (add(this.#released.shift()) || add(this.#next())));
    return [...items, ...this.#forsaken(life).slice(0, max - items.length)];
  }

  /** Of those keys what is not taken, and the dead life's. */
  adopt(life: LifeTruth, keys: readonly string[]): ItemTruth[] {
    const items = keys.map((key) => this.world.items[Number(key)]!);
    return items.filter((item) => !this.#taken.has(item) && item.life !== life && item.life?.alive === false);
  }

  /** Nothing is free, nor may become so. */
  isEmpty(life: LifeTruth): boolean {
    if (!this.closing || this.#fresh < this.world.items.length || this.#released.length > 0) return false;
    return this.world.items.every(
      (item) =>
        this.#taken.has(item) || item.life === life || (!this.world.schedule.source.adopts && this.#isOfTheDead(item)),
    );
  }

  #next(): ItemTruth | undefined {
    const { items, schedule, now } = this.world;
    const hasArrived = schedule.items.atOnce || this.closing || this.#fresh < Math.floor(now / ARRIVAL_MS);
    return hasArrived && this.#fresh < items.length ? items[this.#fresh++] : undefined;
  }

  /** What dead feeders have left in a store. */
  #forsaken(life: LifeTruth): ItemTruth[] {
    const { items, schedule, lives } = this.world;
    if (!schedule.source.adopts || lives.length < 2) return [];
    return items.filter((item) => this.#isFree(item, life));
  }

  #isOfTheDead({ life, outcome }: ItemTruth): boolean {
    return life !== undefined && !life.alive && outcome !== 'release';
  }

  /** A store's lease, as good as a lease can be: nobody who could still begin it has it. */
  #isFree(item: ItemTruth, life: LifeTruth): boolean {
    const { consumers, now } = this.world;
    if (this.#taken.has(item) || !this.#isOfTheDead(item)) return false;
    if (item.life!.endedAt + LEASE_MS > now) return false;
    return consumers.every((each) => {
      if (!each.alive || !item.sentTo.has(each)) return true;
      return each.welcomedBy === life && [...each.handlings].every((handling) => handling.item !== item);
    });
  }
}
