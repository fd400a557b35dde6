import { LOG_LEVELS, type LogLevel, type LogOrigin, type LogSink } from './logger.js';

/** Passes on what is at least as severe as a level. */
export class LevelLogSink implements LogSink {
  readonly #levels: ReadonlySet<LogLevel>;

  /** @param least the least severe level that is passed on */
  constructor(
    private readonly sink: LogSink,
    least: LogLevel,
  ) {
    this.#levels = new Set(LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(least) + 1));
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    if (this.#levels.has(level)) this.sink.write(origin, level, message, context);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    if (this.#levels.has(level)) this.sink.writeLines(origin, level, lines);
  }

  full(): Promise<void> | undefined {
    return this.sink.full();
  }

  flush(): Promise<void> {
    return this.sink.flush();
  }
}
