import { fstatSync, readFileSync, readSync, statSync } from 'node:fs';

/** What is shown of it at most. */
const MOST_BYTES = 65_536;

/** What a program has written to its log since it was started. */
export class FirstWords {
  readonly #start: number;
  readonly #file: number;

  /** @param descriptor the log, as it was opened for the program */
  constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {
    const { size, ino } = fstatSync(descriptor);
    this.#start = size;
    this.#file = ino;
  }

  /** Also what is in the next file, if a new day has begun with it. */
  read(): string {
    return lastOf(this.#readOpen() + this.#readNext()).trim();
  }

  #readOpen(): string {
    const { size } = fstatSync(this.descriptor);
    const start = Math.max(this.#start, size - MOST_BYTES);
    if (size <= start) return '';
    const bytes = Buffer.alloc(size - start);
    return bytes.toString('utf8', 0, readSync(this.descriptor, bytes, 0, bytes.length, start));
  }

  #readNext(): string {
    try {
      return statSync(this.path).ino === this.#file ? '' : readFileSync(this.path, 'utf8');
    } catch {
      return '';
    }
  }
}

function lastOf(text: string): string {
  return text.length > MOST_BYTES ? text.slice(-MOST_BYTES) : text;
}
