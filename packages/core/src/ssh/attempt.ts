import type { Clock } from '../clock/clock.js';

export interface AttemptOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Makes the error, with what was waited for at the end. */
  readonly late: (doing: string) => Error;
  /** Aborted, the attempt is given up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The time that one attempt to connect may take. Waiting for a turn does not count: a host pays for its own silence
 * alone.
 */
export class Attempt {
  readonly #clock: Clock;
  readonly #late: (doing: string) => Error;
  readonly #controller = new AbortController();
  #leftMs: number;
  #since = 0;
  #cancel: (() => void) | undefined;
  #doing = '';

  constructor({ timeoutMs, clock, late, signal }: AttemptOptions) {
    this.#late = late;
    this.#leftMs = timeoutMs;
    this.#clock = clock;
    const stop = (): void => this.#controller.abort(new Error('Nobody waits for the connection any more'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  }

  /** Aborted when the time is over, or it was given up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What is waited for from now on, for the error's text. */
  begin(doing: string): void {
    this.#doing = doing;
    if (this.#cancel !== undefined) return;
    this.#since = this.#clock.monotonicMs();
    this.#cancel = this.#clock.setTimer(this.#leftMs, () => this.#expire());
  }

  /** Time does not count until `begin`. */
  pause(): void {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.monotonicMs() - this.#since));
  }

  /**
   * Waits for what `start` begins, which calls back once or more; the first counts.
   *
   * @param start returns what undoes its listeners
   */
  async until<T>(start: (done: (value: T) => void, fail: (error: Error) => void) => () => void): Promise<T> {
    const { signal } = this;
    if (signal.aborted) throw signal.reason;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    const undo = start(resolve, reject);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      undo();
    }
  }

  #expire(): void {
    this.#controller.abort(this.#late(this.#doing));
  }
}
