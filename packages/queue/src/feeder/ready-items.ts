import type { FeedItem } from './feed-item.js';

/** Items that no consumer has: what came back goes first, then in the order of the claims. */
export class ReadyItems {
  #returned: FeedItem[] = [];
  #claimed: FeedItem[] = [];
  #returnedHead = 0;
  #claimedHead = 0;

  get length(): number {
    return this.#returned.length - this.#returnedHead + this.#claimed.length - this.#claimedHead;
  }

  addClaimed(items: readonly FeedItem[]): void {
    if (this.#claimedHead === this.#claimed.length) {
      this.#claimed = items.slice();
      this.#claimedHead = 0;
    } else {
      for (const item of items) this.#claimed.push(item);
    }
  }

  addReturned(item: FeedItem): void {
    this.#returned.push(item);
  }

  peek(): FeedItem | undefined {
    return this.#returned[this.#returnedHead] ?? this.#claimed[this.#claimedHead];
  }

  shift(): FeedItem | undefined {
    return this.#shiftReturned() ?? this.#shiftClaimed();
  }

  /** All that is there. */
  takeAll(): FeedItem[] {
    const all = [...this.#returned.slice(this.#returnedHead), ...this.#claimed.slice(this.#claimedHead)];
    this.#returned = [];
    this.#claimed = [];
    this.#returnedHead = this.#claimedHead = 0;
    return all;
  }

  #shiftReturned(): FeedItem | undefined {
    if (this.#returnedHead === this.#returned.length) return undefined;
    const item = this.#returned[this.#returnedHead++];
    if (this.#returnedHead === this.#returned.length) {
      this.#returned = [];
      this.#returnedHead = 0;
    }
    return item;
  }

  #shiftClaimed(): FeedItem | undefined {
    if (this.#claimedHead === this.#claimed.length) return undefined;
    const item = this.#claimed[this.#claimedHead++];
    if (this.#claimedHead === this.#claimed.length) {
      this.#claimed = [];
      this.#claimedHead = 0;
    }
    return item;
  }
}
