import { LOG_CREDIT } from '../channel/protocol.js';
import type { LogMessage } from '../channel/slave-message.js';
import { messageText } from '../logger/log-text.js';
import { LOG_LEVELS, type Logger, type LogLevel } from '../logger/logger.js';

/**
 * Sends log records to the launcher, each at once and in order. Beyond its credit it keeps them until the launcher,
 * whose own log may be slow, grants more.
 */
export class ChannelLogger {
  readonly logger: Logger;
  readonly #send: (message: LogMessage) => void;
  readonly #waiting: LogMessage[] = [];
  #credit = LOG_CREDIT;

  constructor(send: (message: LogMessage) => void) {
    this.#send = send;
    const methods = LOG_LEVELS.map((level) => [level, this.#method(level)]);
    this.logger = Object.fromEntries(methods) as Logger;
  }

  grant(characters: number): void {
    this.#credit += characters;
    let passed = 0;
    while (this.#credit > 0 && passed < this.#waiting.length) this.#pass(this.#waiting[passed++]!);
    this.#waiting.splice(0, passed);
  }

  /** Sends what waits whatever the credit: the process is about to end. */
  flush(): void {
    this.grant(Infinity);
  }

  #method(level: LogLevel): Logger[LogLevel] {
    return (message, context) => this.#log({ type: 'log', level, message: messageText(message), context });
  }

  #log(message: LogMessage): void {
    if (this.#credit > 0) this.#pass(message);
    else this.#waiting.push(message);
  }

  #pass(message: LogMessage): void {
    this.#credit -= message.message.length;
    this.#send(message);
  }
}
