import type { LogLevel, LogOrigin, LogSink } from '../logger/logger.js';

/** Keeps what is logged, one `level display: message` each, and is full when a test says so. */
export class RecordingSink implements LogSink {
  readonly records: string[] = [];
  flushed = false;
  #full: PromiseWithResolvers<void> | undefined;

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.records.push(`${level} ${origin.display}: ${context === undefined ? '' : `[${context}] `}${message}`);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    for (const line of lines.slice(0, -1).split('\n')) this.write(origin, level, line);
  }

  full(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  async flush(): Promise<void> {
    this.flushed = true;
  }

  fill(): void {
    this.#full = Promise.withResolvers();
  }

  /** Accepts more again; resolves when those who waited know. */
  async drain(): Promise<void> {
    const full = this.#full;
    this.#full = undefined;
    full?.resolve();
    await full?.promise;
  }
}
