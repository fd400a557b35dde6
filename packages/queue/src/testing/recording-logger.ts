import type { Logger, LogLevel } from '@distributed-architecture/core';

/** Keeps what is logged: `error get threw`. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  readonly fatal = this.#at('fatal');
  readonly error = this.#at('error');
  readonly warn = this.#at('warn');
  readonly log = this.#at('log');
  readonly debug = this.#at('debug');
  readonly verbose = this.#at('verbose');

  #at(level: LogLevel): (message: unknown) => void {
    return (message) => void this.lines.push(`${level} ${String(message)}`);
  }
}
