import type { IdRanges } from '../protocol/feed-message.js';

/** Items of one consumer that were sent, or begun, at one time. */
export interface ItemGroup {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** All items that were in it at first; an item that has left it has another group. */
  readonly ids: IdRanges;
  /** How many are left. */
  left: number;
  before: ItemGroup | undefined;
  after: ItemGroup | undefined;
}

/** Groups in the order of their time: the first is the one that has waited longest. Each step takes constant time. */
export class ItemGroups {
  #first: ItemGroup | undefined;
  #last: ItemGroup | undefined;

  get first(): ItemGroup | undefined {
    return this.#first;
  }

  add(at: number, ids: IdRanges, left: number): ItemGroup {
    const group: ItemGroup = { at, ids, left, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = group;
    else this.#last.after = group;
    this.#last = group;
    return group;
  }

  /** One item leaves the group; an empty group goes. */
  leave(group: ItemGroup): void {
    if (--group.left > 0) return;
    if (group.before === undefined) this.#first = group.after;
    else group.before.after = group.after;
    if (group.after === undefined) this.#last = group.before;
    else group.after.before = group.before;
    // A group that is garbage, but old, would keep alive all that have come after it until V8 cleans up what is old.
    group.before = group.after = undefined;
  }

  *[Symbol.iterator](): Iterator<ItemGroup> {
    for (let group = this.#first; group !== undefined; group = group.after) yield group;
  }
}
