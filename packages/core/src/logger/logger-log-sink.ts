import { drained } from './drained.js';
import { attempt, ignore } from './guarded-log-sink.js';
import { originTags } from './log-text.js';
import type { Logger, LogLevel, LogOrigin, LogSink } from './logger.js';

/** Passes a launcher's log, line by line, to a logger: one with a method a level, such as Nest's or `console`. */
export class LoggerLogSink implements LogSink {
  readonly #logger: Partial<Logger> & Pick<Logger, 'log'>;

  constructor(logger: Partial<Logger> & Pick<Logger, 'log'>) {
    this.#logger = logger;
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.#pass(level, `${originTags(origin)} ${context === undefined ? '' : `[${context}] `}${message}`);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    const tags = originTags(origin);
    for (const line of lines.slice(0, -1).split('\n')) this.#pass(level, `${tags} ${line}`);
  }

  /** Most loggers write to stdout: while that is full, so are they. */
  full(): Promise<void> | undefined {
    return process.stdout.writableNeedDrain ? drained(process.stdout) : undefined;
  }

  flush(): Promise<void> {
    return new Promise((resolve) => process.stdout.write('', () => resolve()));
  }

  #pass(level: LogLevel, text: string): void {
    const write = this.#logger[level] ?? this.#logger.log;
    const written: unknown = attempt(() => write.call(this.#logger, text));
    if (written instanceof Promise) written.catch(ignore);
  }
}
