import type { LogLevel, LogOrigin, LogSink } from './logger.js';

/** A log whose place is known only later: until then it goes where it went. */
export class SwitchedLogSink implements LogSink {
  #sink: LogSink;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  /** From now on everything goes there. Resolves when what was said before has been written. */
  async use(sink: LogSink): Promise<void> {
    const before = this.#sink;
    this.#sink = sink;
    await before.flush();
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.#sink.write(origin, level, message, context);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    this.#sink.writeLines(origin, level, lines);
  }

  full(): Promise<void> | undefined {
    return this.#sink.full();
  }

  flush(): Promise<void> {
    return this.#sink.flush();
  }
}
