import { LOG_LEVELS, type LogLevel } from '../logger/logger.js';

/** Characters of a line that are shown. */
const LONGEST_LINE = 1024;

const CUT = ' [...]';
const MOST_LINES = 200;

/** Sizes of a half in bytes, which doubles with what is said. */
const SMALLEST_HALF = 512;
export const LARGEST_HALF = 65_536;

/** Before the text of a block: when it was said, its number, the length of the text in bytes, its level. */
const HEADER = 21;

/** In UTF-16, which is several times faster than UTF-8 here. */
const BYTES_PER_CHARACTER = 2;

/** A line that was said. */
export interface SaidLine {
  /** Milliseconds of the time of day. */
  readonly at: number;
  /** Number of the block in which it came, among all of them. */
  readonly seq: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** Whole lines that were said at once. */
export type Block = SaidLine;

/**
 * The last lines of one process: blocks as they came, cut into lines when somebody asks.
 *
 * They are bytes in two halves outside of V8's heap: text would survive its collections, and make it grow by some 90 MB
 * at 500,000 lines a second. While one half fills up, the other has what was said before.
 */
export class SaidLines {
  #present = new Half(SMALLEST_HALF);
  #former: Half | undefined;

  /** That it takes. */
  get bytes(): number {
    return this.#present.size + (this.#former?.size ?? 0);
  }

  /**
   * @param said one or more whole lines, each ended by a newline
   * @param largest bytes that a half may have
   */
  add(said: Block, largest = LARGEST_HALF): void {
    const block = { ...said, text: shortBlock(said.text) };
    if (!this.#present.add(block)) this.#turn(block, largest);
  }

  /** At most `count`, the oldest first. */
  latest(count: number): SaidLine[] {
    const lines = [...(this.#former?.blocks() ?? []), ...this.#present.blocks()].flatMap(linesOf);
    return lines.slice(-Math.min(count, MOST_LINES));
  }

  /** @param largest bytes that a half may have */
  shrink(largest: number): void {
    if (Math.max(this.#present.size, this.#former?.size ?? 0) <= largest) return;
    const blocks = [...(this.#former?.blocks() ?? []), ...this.#present.blocks()];
    this.#former = undefined;
    this.#present = new Half(SMALLEST_HALF);
    for (const block of lastThatFit(blocks, 2 * largest)) this.add(block, largest);
  }

  /** A half that may not grow any more takes the place of the one before. */
  #turn(block: Block, largest: number): void {
    const grown = powerOfTwo(this.#present.used + bytesOf(block));
    if (grown <= largest) {
      this.#present = new Half(grown, this.#present);
    } else {
      const unused = this.#former?.size === largest ? this.#former.emptied() : new Half(largest);
      this.#former = this.#present;
      this.#present = unused;
    }
    if (!this.#present.add(block)) this.#present.add(tailOf(block, largest));
  }
}

/** The lines of a block, none longer than what is shown. */
export function linesOf({ text, ...said }: Block): SaidLine[] {
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return lines.map((line) => ({ ...said, text: shortened(line) }));
}

class Half {
  readonly #bytes: Buffer;
  #used = 0;

  /** @param from what it begins with */
  constructor(size: number, from?: Half) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    if (from !== undefined) this.#used = from.#bytes.copy(this.#bytes, 0, 0, from.#used);
  }

  get used(): number {
    return this.#used;
  }

  get size(): number {
    return this.#bytes.length;
  }

  emptied(): this {
    this.#used = 0;
    return this;
  }

  /** @returns false when there is no room for it */
  add(block: Block): boolean {
    if (bytesOf(block) > this.size - this.#used) return false;
    const start = this.#used;
    const length = this.#bytes.write(block.text, start + HEADER, 'utf16le');
    this.#bytes.writeDoubleLE(block.at, start);
    this.#bytes.writeDoubleLE(block.seq, start + 8);
    this.#bytes.writeUInt32LE(length, start + 16);
    this.#bytes[start + 20] = LOG_LEVELS.indexOf(block.level);
    this.#used = start + HEADER + length;
    return true;
  }

  blocks(): Block[] {
    const found: Block[] = [];
    for (let start = 0; start < this.#used;) {
      const end = start + HEADER + this.#bytes.readUInt32LE(start + 16);
      found.push({
        at: this.#bytes.readDoubleLE(start),
        seq: this.#bytes.readDoubleLE(start + 8),
        level: LOG_LEVELS[this.#bytes[start + 20]!]!,
        text: this.#bytes.toString('utf16le', start + HEADER, end),
      });
      start = end;
    }
    return found;
  }
}

function bytesOf({ text }: Block): number {
  return HEADER + text.length * BYTES_PER_CHARACTER;
}

/** The last one in any case. */
function lastThatFit(blocks: readonly Block[], bytes: number): readonly Block[] {
  let left = bytes;
  const first = blocks.findLastIndex((block) => (left -= bytesOf(block)) < 0);
  return blocks.slice(Math.min(first + 1, blocks.length - 1));
}

/** Its last lines, as far as there is room for them. */
function tailOf(block: Block, bytes: number): Block {
  const tail = block.text.slice(-Math.floor((bytes - HEADER) / BYTES_PER_CHARACTER));
  const newline = tail.indexOf('\n');
  const isWhole = newline !== -1 && newline < tail.length - 1;
  return { ...block, text: isWhole ? tail.slice(newline + 1) : tail };
}

/** Of a long line that is alone the end is not shown: it must not take the place of others. */
function shortBlock(text: string): string {
  if (text.length <= LONGEST_LINE + 1 || text.indexOf('\n') < text.length - 1) return text;
  return `${text.slice(0, LONGEST_LINE + 1)}\n`;
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function shortened(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}${CUT}` : line;
}
