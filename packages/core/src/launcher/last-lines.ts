const MOST_LINES = 10;

/** So much of a block of lines is kept; with a long line in it, there are fewer. */
const MOST_CHARACTERS = 4096;

/** The last lines of an incarnation, kept as evidence of how it ended. */
export class LastLines {
  #blocks: string[] = [];
  #lines = 0;

  /** @param lines whole lines, each ended by a newline */
  add(lines: string): void {
    const tail = lines.length > MOST_CHARACTERS ? detached(lines.slice(-MOST_CHARACTERS)) : lines;
    this.#blocks.push(tail);
    this.#lines += countLines(tail);
    while (this.#lines - countLines(this.#blocks[0]!) >= MOST_LINES) this.#lines -= countLines(this.#blocks.shift()!);
  }

  /** At most 10, the oldest first. */
  take(): string[] {
    const lines = this.#blocks.join('').split('\n').slice(0, -1);
    this.clear();
    return lines.slice(-MOST_LINES);
  }

  clear(): void {
    this.#blocks = [];
    this.#lines = 0;
  }
}

function countLines(block: string): number {
  let count = 0;
  for (let at = block.indexOf('\n'); at !== -1; at = block.indexOf('\n', at + 1)) count++;
  return count;
}

/** V8 keeps the whole text alive for a slice of it. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}
