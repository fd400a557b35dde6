import { closeSync, openSync, readSync } from 'node:fs';

/** One line that a master wrote; the time is microseconds of the clock that all hosts share. */
export interface ToldLine {
  readonly us: number;
  /** Such as `start`, `exit`, `line`, `host`. */
  readonly what: string;
  readonly text: string;
}

/** A file that grows, read as it does. */
export class ToldFile {
  readonly lines: ToldLine[] = [];
  readonly #path: string;
  #file: number | undefined;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** All of it so far. */
  read(): readonly ToldLine[] {
    this.#open();
    if (this.#file === undefined) return this.lines;
    const buffer = Buffer.alloc(1 << 16);
    for (let size = readSync(this.#file, buffer); size > 0; size = readSync(this.#file, buffer)) {
      const parts = (this.#rest + buffer.toString('latin1', 0, size)).split('\n');
      this.#rest = parts.pop()!;
      for (const line of parts) this.lines.push(parse(line));
    }
    return this.lines;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(): void {
    try {
      this.#file ??= openSync(this.#path, 'r');
    } catch {
      // Not yet there.
    }
  }
}

function parse(line: string): ToldLine {
  const [us = '', what = '', ...words] = line.split(' ');
  return { us: Number(us), what, text: words.join(' ') };
}
