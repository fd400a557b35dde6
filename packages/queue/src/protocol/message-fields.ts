import type { IdRanges } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { MAX_IDS } from './frame-limits.js';

/** An object as it came over the wire: reads its fields, each checked. All methods throw FeedProtocolError. */
export class MessageFields {
  readonly #name: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @param name what it is, for errors */
  constructor(name: string, value: unknown) {
    if (!isRecord(value)) throw new FeedProtocolError(`${name}: an object was expected, not ${describe(value)}`);
    this.#name = name;
    this.#fields = value;
  }

  /** A whole number that is exact. */
  integer(field: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#fields[field];
    if (!isInteger(value, least) || value > most) this.#refuse(field, `a whole number from ${least} to ${most}`);
    return value;
  }

  optionalInteger(field: string, least: number, most: number): number | undefined {
    return this.#fields[field] === undefined ? undefined : this.integer(field, least, most);
  }

  text(field: string): string {
    const value = this.#fields[field];
    if (typeof value !== 'string') this.#refuse(field, 'a text');
    return value;
  }

  optionalText(field: string): string | undefined {
    return this.#fields[field] === undefined ? undefined : this.text(field);
  }

  textOrNull(field: string): string | null {
    return this.#fields[field] === null ? null : this.text(field);
  }

  optionalFlag(field: string): boolean | undefined {
    const value = this.#fields[field];
    if (value !== undefined && typeof value !== 'boolean') this.#refuse(field, 'true or false');
    return value;
  }

  /** Numbers of items: ascending, disjoint, not too many. */
  ranges(field: string): IdRanges {
    const value = this.#fields[field];
    if (!isRanges(value)) this.#refuse(field, 'ranges of numbers from 1, ascending and disjoint');
    return value;
  }

  list(field: string): readonly unknown[] {
    const value = this.#fields[field];
    if (!isList(value)) this.#refuse(field, 'a list');
    return value;
  }

  listOf<T>(field: string, is: (each: unknown) => each is T, expected: string): readonly T[] {
    const value = this.list(field);
    if (!value.every(is)) this.#refuse(field, `a list of ${expected}`);
    return value;
  }

  optionalListOf<T>(field: string, is: (each: unknown) => each is T, expected: string): readonly T[] | undefined {
    return this.#fields[field] === undefined ? undefined : this.listOf(field, is, expected);
  }

  fields(field: string): MessageFields {
    return new MessageFields(`${this.#name}.${field}`, this.#fields[field]);
  }

  /** @throws FeedProtocolError always */
  #refuse(field: string, expected: string): never {
    throw new FeedProtocolError(
      `${this.#name}.${field}: ${expected} was expected, not ${describe(this.#fields[field])}`,
    );
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The number of an item. */
export function isId(value: unknown): value is number {
  return isInteger(value, 1);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A list of two. */
export function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function isInteger(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MAX_IDS;
}

function isRanges(value: unknown): value is IdRanges {
  if (!isList(value)) return false;
  let end = 0;
  let count = 0;
  for (const range of value) {
    if (!isPair(range)) return false;
    const [first, last] = range;
    if (!isId(first) || !isId(last) || first <= end || last < first) return false;
    end = last;
    count += last - first + 1;
  }
  return count <= MAX_IDS;
}

/** What came, cut: it may be long, and it is the other side's. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
