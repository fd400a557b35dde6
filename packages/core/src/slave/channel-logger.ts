import { LOG_BACKLOG, LOG_CREDIT } from '../channel/protocol.js';
import type { LogMessage } from '../channel/slave-message.js';
import { messageText } from '../logger/log-text.js';
import { LOG_LEVELS, type Logger, type LogLevel } from '../logger/logger.js';

/** Longer records are sent in pieces of this many characters. */
const MAX_RECORD = LOG_CREDIT;

/** What a record takes besides its text, about, in characters. */
const RECORD_OVERHEAD = 64;

/**
 * Sends log records to the launcher, each at once and in order. Beyond its credit it keeps them until the launcher,
 * whose own log may be slow, grants more. When 16,777,216 characters wait, further ones are dropped until these have
 * been sent; a record then says how many. A record of more than 1,048,576 characters comes in pieces, all but the last
 * ending in ` [...]`.
 */
export class ChannelLogger {
  readonly logger: Logger;
  readonly #send: (message: LogMessage) => void;
  readonly #waiting: LogMessage[] = [];
  /** Size of all that waits, in characters. */
  #backlog = 0;
  #dropped = 0;
  #credit = LOG_CREDIT;

  constructor(send: (message: LogMessage) => void) {
    this.#send = send;
    const methods = LOG_LEVELS.map((level) => [level, this.#method(level)]);
    this.logger = Object.fromEntries(methods) as Logger;
  }

  grant(characters: number): void {
    this.#credit += characters;
    let passed = 0;
    while (this.#credit > 0 && passed < this.#waiting.length) this.#passWaiting(this.#waiting[passed++]!);
    this.#waiting.splice(0, passed);
    if (this.#credit > 0 && this.#dropped > 0) this.#tellDropped();
  }

  /** Sends what waits whatever the credit: the process is about to end. */
  flush(): void {
    for (const message of this.#waiting.splice(0)) this.#passWaiting(message);
    if (this.#dropped > 0) this.#tellDropped();
  }

  /** Logs the error that ends the process, after all that waits; it is never dropped. */
  lastWord(error: unknown): void {
    this.flush();
    for (const message of piecesOf(messageText(error))) this.#pass({ type: 'log', level: 'error', message });
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
    if (this.#credit > 0) return this.#pass(message);
    // What a flush has overdrawn counts as well, so that ending in several steps is bounded too.
    if (this.#dropped === 0 && this.#backlog - this.#credit < LOG_BACKLOG) {
      this.#waiting.push(message);
      this.#backlog += sizeOf(message);
    } else this.#dropped++;
  }

  #passWaiting(message: LogMessage): void {
    this.#backlog -= sizeOf(message);
    this.#pass(message);
  }

  #tellDropped(): void {
    const message = `${this.#dropped} records were dropped while the log was full`;
    this.#dropped = 0;
    this.#pass({ type: 'log', level: 'warn', message });
  }

  #pass(message: LogMessage): void {
    this.#credit -= message.message.length;
    this.#send(message);
  }
}

function sizeOf({ message, context = '' }: LogMessage): number {
  return message.length + context.length + RECORD_OVERHEAD;
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
