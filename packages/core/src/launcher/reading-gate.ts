import type { LogSink } from '../logger/logger.js';

/** Closes while the log is full: nothing is read from processes then, so that nothing piles up here. */
export class ReadingGate {
  readonly #sink: LogSink;
  readonly #onChange: (closed: boolean) => void;
  #closed = false;

  constructor(sink: LogSink, onChange: (closed: boolean) => void) {
    this.#sink = sink;
    this.#onChange = onChange;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** To be called after writing to the log. */
  check(): void {
    if (this.#closed) return;
    const full = this.#sink.full();
    if (full !== undefined) void this.#close(full);
  }

  async #close(full: Promise<void>): Promise<void> {
    this.#change(true);
    await full;
    // Looked at again with the next line: a sink that always says it is full must not keep us in a circle.
    this.#change(false);
  }

  #change(closed: boolean): void {
    this.#closed = closed;
    this.#onChange(closed);
  }
}
