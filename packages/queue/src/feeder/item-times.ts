/** Numbers that are done with are cut off when there are so many. */
const SPARE = 1024;

/**
 * Since when the items of a consumer are handled.
 *
 * A consumer announces items in chunks, and handles as many at once as its concurrency, in the order in which it has
 * announced them: the time of the others has not yet begun.
 */
export class ItemTimes {
  readonly #running = new Map<number, number>();
  #announced: number[] = [];
  #head = 0;

  /** When the one that has been handled for longest was begun, in monotonic milliseconds. */
  get first(): number | undefined {
    for (const at of this.#running.values()) return at;
    return undefined;
  }

  announce(id: number): void {
    this.#announced.push(id);
  }

  /** It is handled no more. */
  end(id: number): void {
    if (this.#running.size > 0) this.#running.delete(id);
  }

  /**
   * The next of those that were announced begin.
   *
   * @param lanes how many are handled at once
   * @param isBegun whether an item is still announced, not answered and not given back
   * @returns whether any has begun
   */
  start(lanes: number, now: number, isBegun: (id: number) => boolean): boolean {
    const before = this.#running.size;
    for (; this.#head < this.#announced.length; this.#head++) {
      const id = this.#announced[this.#head]!;
      if (this.#running.has(id) || !isBegun(id)) continue;
      if (this.#running.size >= lanes) break;
      this.#running.set(id, now);
    }
    this.#tidy();
    return this.#running.size > before;
  }

  /** Those that were begun at that time or before. */
  begunBy(time: number): number[] {
    const ids: number[] = [];
    for (const [id, at] of this.#running) {
      if (at > time) break;
      ids.push(id);
    }
    return ids;
  }

  #tidy(): void {
    if (this.#head < this.#announced.length && this.#head < SPARE) return;
    this.#announced = this.#announced.slice(this.#head);
    this.#head = 0;
  }
}
