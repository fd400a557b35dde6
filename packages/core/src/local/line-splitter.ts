/** Longer lines are passed on in pieces of this many bytes. */
export const MAX_LINE_BYTES = 65_536;

const NEWLINE = 0x0a;
const CONTINUED = ' [...]\n';

/**
 * Cuts a stream of bytes into blocks of whole lines. A line that is longer than `maxBytes` (default 65,536) comes in
 * pieces of that size (or up to three bytes less, so that no UTF-8 character is cut), all but the last ending in ` [...]`.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(maxBytes: number = MAX_LINE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** @returns the lines that the chunk completes, each ended by a newline; empty when there is none */
  push(chunk: Buffer): string {
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    if (lastNewline === -1) return this.#keep(chunk);
    const block = this.#restBytes === 0 ? chunk.subarray(0, lastNewline + 1) : this.#complete(chunk, lastNewline + 1);
    const lines = splitLong(block, this.#maxBytes);
    return lines + this.#keep(chunk.subarray(lastNewline + 1));
  }

  /** @returns what came after the last newline, as a line of its own; empty when there is nothing */
  end(): string {
    if (this.#restBytes === 0) return '';
    return `${this.#takeRest().toString()}\n`;
  }

  #keep(bytes: Buffer): string {
    if (bytes.length === 0) return '';
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    return this.#restBytes > this.#maxBytes ? this.#pieces() : '';
  }

  /** The rest is too long to wait for its newline. */
  #pieces(): string {
    let bytes = this.#takeRest();
    let pieces = '';
    while (bytes.length > this.#maxBytes) {
      const end = characterEnd(bytes, this.#maxBytes);
      pieces += bytes.toString('utf8', 0, end) + CONTINUED;
      bytes = bytes.subarray(end);
    }
    this.#rest = [bytes];
    this.#restBytes = bytes.length;
    return pieces;
  }

  #complete(chunk: Buffer, end: number): Buffer {
    this.#rest.push(chunk.subarray(0, end));
    return this.#takeRest();
  }

  #takeRest(): Buffer {
    const bytes = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return bytes;
  }
}

/** A block whose first line and remainder both fit one line needs no look at its lines: nearly all are like that. */
function splitLong(block: Buffer, maxBytes: number): string {
  const first = block.indexOf(NEWLINE);
  if (first <= maxBytes && block.length - first <= maxBytes) return block.toString();
  let lines = '';
  for (let start = 0; start < block.length;) {
    const newline = block.indexOf(NEWLINE, start);
    lines += piecesOf(block.subarray(start, newline), maxBytes) + '\n';
    start = newline + 1;
  }
  return lines;
}

function piecesOf(line: Buffer, maxBytes: number): string {
  let pieces = '';
  let start = 0;
  while (line.length - start > maxBytes) {
    const end = characterEnd(line, start + maxBytes);
    pieces += line.toString('utf8', start, end) + CONTINUED;
    start = end;
  }
  return pieces + line.toString('utf8', start);
}

/** The end of the last whole UTF-8 character at or before `end`. Bytes that are no UTF-8 are cut where they are. */
function characterEnd(bytes: Buffer, end: number): number {
  for (let at = end; at > end - 4 && at > 0; at--) {
    if ((bytes[at]! & 0xc0) !== 0x80) return at;
  }
  return end;
}
