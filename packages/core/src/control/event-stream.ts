import type { ServerResponse } from 'node:http';

/** Bytes that wait for a reader. */
const MOST_WAITING = 1_048_576;

/** Heartbeats without any reading after which a reader that has missed something is let go. */
const MOST_IDLE_BEATS = 2;

const COMMENT = Buffer.from(':\n\n');

/**
 * Server-sent events to one reader. What does not fit into its buffer is left out and counted: the reader is told so by the
 * event `dropped`, `{ count }`, when it reads again. One that does not is let go.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStream {
  #waiting = 0;
  #dropped = 0;
  #idleBeats = 0;
  #drained: PromiseWithResolvers<void> | undefined;
  readonly #response: ServerResponse;

  /** @param onEnd called once, whoever ends it */
  constructor(response: ServerResponse, onEnd: () => void) {
    this.#response = response;
    response.once('close', () => {
      this.#drained?.resolve();
      onEnd();
    });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // The reader learns that it is listened to before anything happens.
    this.#write(COMMENT);
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /**
   * @param frame of `frameOf`: one for all readers
   * @param events that are in it. Default 1
   */
  send(frame: Buffer, events = 1): void {
    if (!this.isOpen) return;
    if (this.#waiting + frame.length > MOST_WAITING) {
      this.#dropped += events;
      return;
    }
    this.#tellDropped();
    this.#write(frame);
  }

  /** Resolves when there is room for plenty, or nobody reads any more. */
  async room(): Promise<void> {
    if (!this.isOpen || this.#waiting < MOST_WAITING / 2) return;
    this.#drained ??= Promise.withResolvers();
    await this.#drained.promise;
  }

  /** From time to time: keeps what is in between from closing the connection, and finds readers that do not read. */
  beat(): void {
    if (!this.isOpen) return;
    if (this.#waiting === 0) return this.#dropped > 0 ? this.#tellDropped() : this.#write(COMMENT);
    if (++this.#idleBeats > MOST_IDLE_BEATS && this.#dropped > 0) this.#response.destroy();
  }

  end(): void {
    if (!this.isOpen) return;
    this.#tellDropped();
    this.#response.end();
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const count = this.#dropped;
    this.#dropped = 0;
    this.#write(frameOf('dropped', { count }));
  }

  #write(bytes: Buffer): void {
    this.#waiting += bytes.length;
    this.#response.write(bytes, () => this.#written(bytes.length));
  }

  #written(length: number): void {
    this.#waiting -= length;
    this.#idleBeats = 0;
    if (this.#waiting >= MOST_WAITING / 2) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }
}

/** One event as it is sent: JSON is without line ends. */
export function frameOf(event: string, data: unknown, id?: string): Buffer {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
