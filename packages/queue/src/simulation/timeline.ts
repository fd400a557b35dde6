/** Of a millisecond: sums and differences of such times are exact. */
const PARTS = 1024;

/** Something that will happen; cancelled by taking its callback away. */
interface Entry {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Virtual time: what is due happens in the order of its time, at the same time in the order in which it was planned. */
export class Timeline {
  #now = 0;
  #order = 0;
  readonly #heap: Entry[] = [];

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Returns the function that cancels it. */
  after(ms: number, callback: () => void): () => void {
    const at = Math.ceil((this.#now + Math.max(0, ms)) * PARTS) / PARTS;
    const entry: Entry = { at, order: this.#order++, callback };
    this.#push(entry);
    return () => (entry.callback = undefined);
  }

  /** Lets the next thing happen; false when nothing is left. */
  step(): boolean {
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      if (entry.callback === undefined) continue;
      this.#now = entry.at;
      entry.callback();
      return true;
    }
    return false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent]!, entry)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(entry, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
