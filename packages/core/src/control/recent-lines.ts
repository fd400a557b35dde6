import type { LogLevel, LogOrigin, LogSink } from '../logger/logger.js';
import { LARGEST_HALF, SaidLines, linesOf, type Block, type SaidLine } from './said-lines.js';

/** Of all processes together. */
const MOST_BYTES = 16_777_216;

/** Of very many processes each keeps a little, even so. */
const SMALLEST_SHARE = 512;

/** A line with who has said it. */
export interface RecentLine extends SaidLine {
  readonly origin: LogOrigin;
}

/** Lines that were said at once, with who has said them. */
export interface SaidBlock extends Pick<SaidLine, 'at' | 'level'> {
  readonly origin: LogOrigin;
  readonly lines: readonly string[];
}

/** Which lines somebody wants. */
export interface LineFilter {
  readonly group?: string;
  /** What a process is called in the log. */
  readonly display?: string;
}

type Listener = (said: SaidBlock) => void;

/**
 * The last lines of each process, in memory, read on their way to the log. What passes is only copied: at hundreds of
 * thousands of lines a second nobody could look at each.
 */
export class RecentLines implements LogSink {
  readonly #said = new Map<string, Speaker>();
  /** Most origins are always the same object. */
  readonly #speakers = new WeakMap<LogOrigin, Speaker>();
  readonly #followers = new Map<Listener, LineFilter>();
  #bytes = 0;
  /** Bytes that half of what one keeps may have. */
  #share = LARGEST_HALF;
  #seq = 0;

  /** @param now milliseconds of the time of day */
  constructor(
    private readonly sink: LogSink,
    private readonly now: () => number = Date.now,
  ) {}

  /** That all take together. */
  get bytes(): number {
    return this.#bytes;
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.sink.write(origin, level, message, context);
    this.#keep(origin, level, context === undefined ? `${message}\n` : `[${context}] ${message}\n`);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    this.sink.writeLines(origin, level, lines);
    this.#keep(origin, level, lines);
  }

  full(): Promise<void> | undefined {
    return this.sink.full();
  }

  flush(): Promise<void> {
    return this.sink.flush();
  }

  /** At most `count`, the oldest first. */
  latest(filter: LineFilter, count: number): RecentLine[] {
    const found: RecentLine[] = [];
    for (const { origin, lines } of this.#said.values()) {
      if (matches(origin, filter)) found.push(...lines.latest(count).map((line) => ({ ...line, origin })));
    }
    // Of one block they are in their order already.
    return found.toSorted((a, b) => a.seq - b.seq).slice(-count);
  }

  /** Tells of each block of lines from now on. @returns the function that ends it */
  follow(filter: LineFilter, listener: Listener): () => void {
    this.#followers.set(listener, filter);
    return () => void this.#followers.delete(listener);
  }

  forget(display: string): void {
    for (const [key, { origin, lines }] of this.#said) {
      if (origin.display !== display || origin.group === undefined) continue;
      this.#bytes -= lines.bytes;
      this.#said.delete(key);
      this.#speakers.delete(origin);
    }
    if (this.#bytes < MOST_BYTES / 4) this.#share = LARGEST_HALF;
  }

  #keep(origin: LogOrigin, level: LogLevel, text: string): void {
    const { lines } = this.#speakers.get(origin) ?? this.#speaker(origin);
    const block = { at: this.now(), seq: ++this.#seq, level, text };
    const before = lines.bytes;
    lines.add(block, this.#share);
    this.#bytes += lines.bytes - before;
    if (this.#bytes > MOST_BYTES && this.#share > SMALLEST_SHARE) this.#halveShare();
    if (this.#followers.size > 0) this.#tell(origin, block);
  }

  #speaker(origin: LogOrigin): Speaker {
    const key = JSON.stringify([origin.group, origin.host, origin.display]);
    const known = this.#said.get(key);
    const speaker = known ?? { origin, lines: new SaidLines() };
    if (known === undefined) this.#bytes += speaker.lines.bytes;
    this.#said.set(key, speaker);
    this.#speakers.set(origin, speaker);
    return speaker;
  }

  /** Each has the same right to the room. */
  #halveShare(): void {
    this.#share /= 2;
    this.#bytes = 0;
    for (const { lines } of this.#said.values()) {
      lines.shrink(this.#share);
      this.#bytes += lines.bytes;
    }
  }

  #tell(origin: LogOrigin, block: Block): void {
    const wanted = [...this.#followers].filter(([, filter]) => matches(origin, filter));
    if (wanted.length === 0) return;
    const said = { at: block.at, level: block.level, origin, lines: linesOf(block).map(({ text }) => text) };
    for (const [listener] of wanted) listener(said);
  }
}

interface Speaker {
  readonly origin: LogOrigin;
  readonly lines: SaidLines;
}

function matches(origin: LogOrigin, { group, display }: LineFilter): boolean {
  return (group === undefined || origin.group === group) && (display === undefined || origin.display === display);
}
