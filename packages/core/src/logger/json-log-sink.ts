import type { Writable } from 'node:stream';
import type { Clock } from '../clock/clock.js';
import { SystemClock } from '../clock/system-clock.js';
import { blockEnd } from './block-end.js';
import type { LogLevel, LogOrigin, LogSink } from './logger.js';
import { StreamWriter } from './stream-writer.js';

/** What a consumer puts in front of each line that is said while it handles an item. */
const ITEM_TAG = '[item ';
const TAG_END = '] ';

/**
 * A log for programs: one JSON object a line, with `time`, `level`, `group`, `host`, `process` (as in the text log), `id` of the
 * process, `context`, `item` (id of the item that was handled) and `message`. What there is not is left out. A record of
 * several lines is one object.
 */
export class JsonLogSink implements LogSink {
  readonly #writer: StreamWriter;
  readonly #clock: Clock;
  readonly #origins = new WeakMap<LogOrigin, string>();

  constructor(stream: Writable = process.stdout, clock: Clock = new SystemClock()) {
    this.#writer = new StreamWriter(stream);
    this.#clock = clock;
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    const head = this.#head(origin, level) + (context === undefined ? '' : `,"context":${JSON.stringify(context)}`);
    this.#writer.write(head + tail(message));
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    const head = this.#head(origin, level);
    for (let start = 0; start < lines.length;) {
      const end = blockEnd(lines, start);
      this.#writer.write(objectsOf(head, lines.slice(start, end - 1)));
      start = end;
    }
  }

  full(): Promise<void> | undefined {
    return this.#writer.full();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  #head(origin: LogOrigin, level: LogLevel): string {
    let known = this.#origins.get(origin);
    if (known === undefined) this.#origins.set(origin, (known = fieldsOf(origin)));
    return `{"time":"${this.#clock.date().toISOString()}","level":"${level}"${known}`;
  }
}

function fieldsOf({ group, host, display }: LogOrigin): string {
  const id = /\/(\d+)\/\d+$/u.exec(display)?.[1];
  const fields = { group, host, process: display, id: id === undefined ? undefined : Number(id) };
  return `,${JSON.stringify(fields).slice(1, -1)}`;
}

/** An object for each line of a block: in one pass, where the newlines can be told from all else when they are escaped. */
function objectsOf(head: string, lines: string): string {
  if (lines.includes('\\') || lines.includes(ITEM_TAG))
    return lines
      .split('\n')
      .map((line) => head + tail(line))
      .join('');
  return `${head},"message":${JSON.stringify(lines).replaceAll('\\n', `"}\n${head},"message":"`)}}\n`;
}

function tail(message: string): string {
  const item = itemOf(message);
  if (item === undefined) return `,"message":${JSON.stringify(message)}}\n`;
  const tag = `${ITEM_TAG}${item}${TAG_END}`;
  const text = message.slice(tag.length).replaceAll(`\n${tag}`, '\n');
  return `,"item":${JSON.stringify(item)},"message":${JSON.stringify(text)}}\n`;
}

function itemOf(message: string): string | undefined {
  if (!message.startsWith(ITEM_TAG)) return undefined;
  const end = message.indexOf(TAG_END, ITEM_TAG.length);
  return end === -1 ? undefined : message.slice(ITEM_TAG.length, end);
}
