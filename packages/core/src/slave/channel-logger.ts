import { LOG_CREDIT } from '../channel/protocol.js';
import type { LogMessage } from '../channel/slave-message.js';
import { messageText } from '../logger/log-text.js';
import { LOG_LEVELS, type Logger, type LogLevel } from '../logger/logger.js';

/** Longer records are sent in pieces of this many characters. */
const MAX_RECORD = LOG_CREDIT;

/**
 * Sends log records to the launcher, each at once and in order. Beyond its credit it keeps them until the launcher,
 * whose own log may be slow, grants more. A record of more than 1,048,576 characters comes in pieces, all but the last
 * ending in ` [...]`.
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
    return (message, context: unknown) => {
      // Plain JavaScript may hand over more than a context's name, such as an error: that belongs to the message.
      const named = context === undefined || typeof context === 'string';
      const text = named ? messageText(message) : `${messageText(message)} ${messageText(context)}`;
      for (const piece of piecesOf(text)) {
        this.#log({ type: 'log', level, message: piece, context: named ? context : undefined });
      }
    };
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

function piecesOf(text: string): string[] {
  if (text.length <= MAX_RECORD) return [text];
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > MAX_RECORD) {
    const end = characterEnd(text, start + MAX_RECORD);
    pieces.push(`${text.slice(start, end)} [...]`);
    start = end;
  }
  return [...pieces, text.slice(start)];
}

/** No character that takes two places in a string is cut. */
function characterEnd(text: string, end: number): number {
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end - 1 : end;
}
