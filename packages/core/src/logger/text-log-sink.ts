import type { Writable } from 'node:stream';
import type { Clock } from '../clock/clock.js';
import { SystemClock } from '../clock/system-clock.js';
import { blockEnd } from './block-end.js';
import { linePrefix, originTags } from './log-text.js';
import type { LogLevel, LogOrigin, LogSink } from './logger.js';
import { StreamWriter } from './stream-writer.js';

/**
 * The default log: text lines `<ISO time> <level> [group] [host] [display] message` on a stream (default: stdout).
 * A block of lines is tagged in one pass, which is what makes it fast.
 */
export class TextLogSink implements LogSink {
  readonly #writer: StreamWriter;
  readonly #clock: Clock;
  readonly #tags = new WeakMap<LogOrigin, string>();

  constructor(stream: Writable = process.stdout, clock: Clock = new SystemClock()) {
    this.#writer = new StreamWriter(stream);
    this.#clock = clock;
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.writeLines(origin, level, context === undefined ? `${message}\n` : `[${context}] ${message}\n`);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    const prefix = linePrefix(this.#clock.date().toISOString(), level, this.#tagsOf(origin));
    const between = `\n${prefix}`;
    for (let start = 0; start < lines.length;) {
      const end = blockEnd(lines, start);
      this.#writer.write(prefix + lines.slice(start, end - 1).replaceAll('\n', between) + '\n');
      start = end;
    }
  }

  full(): Promise<void> | undefined {
    return this.#writer.full();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  #tagsOf(origin: LogOrigin): string {
    const known = this.#tags.get(origin);
    if (known !== undefined) return known;
    const tags = originTags(origin);
    this.#tags.set(origin, tags);
    return tags;
  }
}
