import type { FeedItem } from './feed-item.js';

/** Items of a page; a power of two. */
const PAGE = 1024;

interface Page {
  readonly items: (FeedItem | undefined)[];
  count: number;
}

/**
 * Items by number. Numbers grow and most items end soon after they began, so pages that are empty go away: faster than
 * a map of all items, and one old item keeps only its own page.
 */
export class ItemTable {
  readonly #pages = new Map<number, Page>();
  #lastNumber = -1;
  #lastPage: Page | undefined;
  #spare: Page | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): FeedItem | undefined {
    return this.#page(Math.floor(id / PAGE))?.items[id % PAGE];
  }

  add(item: FeedItem): void {
    const number = Math.floor(item.id / PAGE);
    const page = this.#page(number) ?? this.#newPage(number);
    page.items[item.id % PAGE] = item;
    page.count++;
    this.#size++;
  }

  delete(id: number): void {
    const number = Math.floor(id / PAGE);
    const page = this.#page(number);
    if (page?.items[id % PAGE] === undefined) return;
    page.items[id % PAGE] = undefined;
    this.#size--;
    if (--page.count === 0) this.#drop(number);
  }

  #page(number: number): Page | undefined {
    if (number === this.#lastNumber) return this.#lastPage;
    const page = this.#pages.get(number);
    if (page !== undefined) {
      this.#lastNumber = number;
      this.#lastPage = page;
    }
    return page;
  }

  #newPage(number: number): Page {
    const page = this.#spare ?? { items: Array<undefined>(PAGE).fill(undefined), count: 0 };
    this.#spare = undefined;
    this.#pages.set(number, page);
    this.#lastNumber = number;
    this.#lastPage = page;
    return page;
  }

  /** An empty page is as good as a new one. */
  #drop(number: number): void {
    this.#spare = this.#pages.get(number);
    this.#pages.delete(number);
    this.#lastNumber = -1;
    this.#lastPage = undefined;
  }
}
