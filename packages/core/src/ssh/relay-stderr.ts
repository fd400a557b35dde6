import type { Clock } from '../clock/clock.js';
import { LineSplitter } from '../local/line-splitter.js';
import type { LogLevel } from '../logger/logger.js';
import { Tail } from './tail.js';

/** So much is shown in an error. */
const KEPT_BYTES = 2048;

/** So many lines are logged in so much time. */
const MOST_LINES = 20;
const WINDOW_MS = 10_000;

/** What a relay says on stderr: the reason of its end before it has begun, a matter for the log afterwards. */
export class RelayStderr {
  readonly #clock: Clock;
  readonly #log: (level: LogLevel, message: string) => void;
  readonly #tail = new Tail(KEPT_BYTES);
  readonly #lines = new LineSplitter(KEPT_BYTES);
  #hasBegun = false;
  #windowEndsAt = 0;
  #left = 0;
  #omitted = 0;

  constructor(clock: Clock, log: (level: LogLevel, message: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  /** The end of what was said so far. */
  get tail(): string {
    return this.#tail.text;
  }

  push(chunk: Buffer): void {
    if (!this.#hasBegun) return this.#tail.push(chunk);
    this.#tell(this.#lines.push(chunk));
  }

  /** From now on lines are logged, those so far first. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    if (this.tail !== '') this.#tell(`${this.tail}\n`);
  }

  end(): void {
    if (this.#hasBegun) this.#tell(this.#lines.end());
  }

  #tell(lines: string): void {
    if (lines === '') return;
    const now = this.#clock.monotonicMs();
    if (now >= this.#windowEndsAt) this.#openWindow(now);
    for (const line of lines.slice(0, -1).split('\n')) {
      if (this.#left-- > 0) this.#log('warn', line);
      else this.#omitted++;
    }
  }

  #openWindow(now: number): void {
    if (this.#omitted > 0) this.#log('warn', `${this.#omitted} more lines on stderr of the relay are left out`);
    this.#omitted = 0;
    this.#left = MOST_LINES;
    this.#windowEndsAt = now + WINDOW_MS;
  }
}
