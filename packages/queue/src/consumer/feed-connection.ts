import type { FeederMessage } from '../protocol/feed-message.js';
import { decodeFeederMessage } from '../protocol/decode-feeder-message.js';
import { GREETING_FRAME } from '../protocol/frame-limits.js';
import { FrameReader } from '../protocol/frame-reader.js';
import type { ByteLink, ByteLinkListener, FeedAddress, LinkConnector } from '../transport/byte-link.js';

export interface FeedConnectionListener {
  linked(proven: boolean): void;
  failed(reason: string): void;
  messages(messages: readonly FeederMessage[]): void;
  /** @param late not as soon as it was written */
  flushed(late: boolean): void;
  closed(reason: string): void;
}

/** One attempt to reach the feeder, and the connection that comes of it. After `drop` nothing more is told of it. */
export class FeedConnection implements ByteLinkListener {
  readonly #reader = new FrameReader({ maxFrame: GREETING_FRAME, decode: decodeFeederMessage });
  readonly #aborter = new AbortController();
  #listener: FeedConnectionListener | undefined;
  #link: ByteLink | undefined;
  #awaitsFlush = false;
  #closed: { readonly error: Error | undefined } | undefined;

  constructor(listener: FeedConnectionListener) {
    this.#listener = listener;
  }

  async open(connector: LinkConnector, address: FeedAddress): Promise<void> {
    try {
      this.#opened(await connector.connect(address, this, this.#aborter.signal));
    } catch (error) {
      this.#listener?.failed(reasonOf(error));
    }
  }

  write(frames: readonly Buffer[]): void {
    this.#link?.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** Tells as soon as all that was written has left this process. */
  tellFlushed(): void {
    if (this.#link?.flushed) return this.#listener?.flushed(false);
    // Only once: what is announced while the first of two is told would count as flushed by the second.
    if (this.#awaitsFlush) return;
    this.#awaitsFlush = true;
    this.#link?.whenFlushed(this.#onFlushed);
  }

  end(): void {
    this.#link?.end();
  }

  drop(): void {
    this.#listener = undefined;
    this.#aborter.abort();
    this.#link?.destroy();
  }

  data(chunk: Buffer): void {
    if (this.#listener === undefined) return;
    let messages: readonly FeederMessage[];
    try {
      messages = this.#reader.push(chunk);
    } catch (error) {
      this.#listener.closed(reasonOf(error));
      return;
    }
    if (messages.length > 0) this.#listener.messages(messages);
    // What came before the garbage in the same chunk counts.
    if (this.#reader.failure !== undefined) this.#listener?.closed(reasonOf(this.#reader.failure));
  }

  closed(error: Error | undefined): void {
    this.#closed = { error };
    if (this.#link !== undefined) this.#listener?.closed(closeReason(error));
  }

  #opened(link: ByteLink): void {
    this.#link = link;
    if (this.#listener === undefined) return link.destroy();
    this.#listener.linked(link.identity !== undefined);
    // It may have ended before we were told that it was there.
    if (this.#closed !== undefined) this.#listener?.closed(closeReason(this.#closed.error));
  }

  readonly #onFlushed = (): void => {
    this.#awaitsFlush = false;
    this.#listener?.flushed(true);
  };
}

function closeReason(error: Error | undefined): string {
  return error === undefined ? 'the feeder has closed it' : reasonOf(error);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
