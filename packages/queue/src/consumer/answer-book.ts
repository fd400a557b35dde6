import type { Answers, AnswersMessage, IdRanges, WireError } from '../protocol/feed-message.js';
import { forEachId } from '../protocol/id-ranges.js';
import { RangeBuilder } from '../protocol/range-builder.js';
import type { Farewell } from './farewell.js';
import { IdSet } from './id-set.js';

/** At most about so many characters of errors go into one message: it stays far below MAX_CONSUMER_FRAME, however they are escaped. */
const MAX_ERRORS = 262_144;

/** Characters of an error besides its texts, about. */
const ERROR_OVERHEAD = 64;

type Failed = readonly [id: number, error: WireError];

/** What became of items, until the feeder has confirmed it: first unsent, then unconfirmed. An item is in one of its lists. */
export class AnswerBook {
  readonly #done = new RangeBuilder();
  #failed: Failed[] = [];
  readonly #back = new RangeBuilder();
  /** Sent and not confirmed. */
  readonly #sentDone = new IdSet();
  readonly #sentFailed = new Map<number, WireError>();
  readonly #sentBack = new IdSet();
  #released = 0;

  /** Items that were given back so far. */
  get released(): number {
    return this.#released;
  }

  get hasUnsent(): boolean {
    return !this.#done.isEmpty || this.#failed.length > 0 || !this.#back.isEmpty;
  }

  /** Nothing has to be sent or confirmed. */
  get isEmpty(): boolean {
    return !this.hasUnsent && this.#sentDone.isEmpty && this.#sentFailed.size === 0 && this.#sentBack.isEmpty;
  }

  done(id: number): void {
    this.#done.add(id);
  }

  failed(id: number, error: WireError): void {
    this.#failed.push([id, error]);
  }

  /** Never begun. */
  back(ids: IdRanges): void {
    for (const [first, last] of ids) {
      this.#back.addRange(first, last);
      this.#released += last - first + 1;
    }
  }

  /** What was not sent, as messages; from now on it waits for its confirmation. */
  takeUnsent(): AnswersMessage[] {
    if (!this.hasUnsent) return [];
    const done = this.#done.take();
    const back = this.#back.take();
    const [failed = [], ...more] = portions(this.#failed);
    this.#keep({ done, failed: this.#failed, back });
    this.#failed = [];
    return [
      { type: 'answers', done, failed, back },
      ...more.map((each): AnswersMessage => ({ type: 'answers', done: [], failed: each, back: [] })),
    ];
  }

  /**
   * All that is not confirmed, for the hello of a new connection.
   *
   * @returns `left`: failed items that were too many for one message; they are unsent again
   */
  forHello(): { answers: Answers; left: IdRanges } {
    this.#keep({ done: this.#done.take(), failed: this.#failed, back: this.#back.take() });
    const [failed = [], ...more] = portions([...this.#sentFailed]);
    this.#failed = more.flat();
    const left = new RangeBuilder();
    for (const [id] of this.#failed) {
      this.#sentFailed.delete(id);
      left.add(id);
    }
    const answers = { done: this.#sentDone.ranges.slice(), failed, back: this.#sentBack.ranges.slice() };
    return { answers, left: left.take() };
  }

  confirm(ids: IdRanges): void {
    this.#sentDone.remove(ids);
    this.#sentBack.remove(ids);
    if (this.#sentFailed.size > 0) forEachId(ids, (id) => this.#sentFailed.delete(id));
  }

  /** Nothing of it can be confirmed any more. */
  moveTo(farewell: Farewell): void {
    this.rename(() => undefined, farewell);
  }

  /**
   * Gives items their new numbers, of a new life of the feeder; what has none goes to the farewell. What was unsent
   * stays so: what was answered since the hello is not known there.
   *
   * @param rename returns undefined for an item that has no new number
   */
  rename(rename: (id: number) => number | undefined, farewell: Farewell): void {
    const failed = this.#failed;
    const sentFailed = [...this.#sentFailed];
    this.#failed = [];
    this.#sentFailed.clear();
    renameFailed(failed, rename, { renamed: (id, error) => this.failed(id, error), lost: farewell.failed });
    renameFailed(sentFailed, rename, {
      renamed: (id, error) => this.#sentFailed.set(id, error),
      lost: farewell.failed,
    });
    for (const [first, last] of renameIds(this.#done.take(), rename, farewell.done)) this.#done.addRange(first, last);
    for (const [first, last] of renameIds(this.#back.take(), rename, farewell.back)) this.#back.addRange(first, last);
    renameSet(this.#sentDone, rename, farewell.done);
    renameSet(this.#sentBack, rename, farewell.back);
  }

  #keep({ done, failed, back }: Answers): void {
    this.#sentDone.add(done);
    for (const [id, error] of failed) this.#sentFailed.set(id, error);
    this.#sentBack.add(back);
  }
}

type Rename = (id: number) => number | undefined;

function renameFailed(
  failed: readonly Failed[],
  rename: Rename,
  { renamed, lost }: { readonly renamed: (id: number, error: WireError) => void; readonly lost: RangeBuilder },
): void {
  for (const [id, error] of failed) {
    const next = rename(id);
    if (next === undefined) lost.add(id);
    else renamed(next, error);
  }
}

function renameSet(set: IdSet, rename: Rename, lost: RangeBuilder): void {
  const renamed = renameIds(set.ranges, rename, lost);
  set.clear();
  set.add(renamed);
}

function renameIds(ids: IdRanges, rename: Rename, lost: RangeBuilder): IdRanges {
  const renamed = new RangeBuilder();
  forEachId(ids, (id) => {
    const next = rename(id);
    if (next === undefined) lost.add(id);
    else renamed.add(next);
  });
  return renamed.take();
}

function portions(failed: readonly Failed[]): Failed[][] {
  const all: Failed[][] = [];
  let room = 0;
  for (const each of failed) {
    const [, { name, message, stack = '' }] = each;
    const size = ERROR_OVERHEAD + name.length + message.length + stack.length;
    if (all.length === 0 || size > room) {
      all.push([]);
      room = MAX_ERRORS;
    }
    all.at(-1)!.push(each);
    room -= size;
  }
  return all;
}
