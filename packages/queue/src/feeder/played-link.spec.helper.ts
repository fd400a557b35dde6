import { decodeFeederMessage } from '../protocol/decode-feeder-message.js';
import { encodeMessage } from '../protocol/encode.js';
import type { ConsumerMessage, FeederMessage } from '../protocol/feed-message.js';
import { FrameReader } from '../protocol/frame-reader.js';
import type { ByteLink, ByteLinkListener } from '../transport/byte-link.js';

/** The feeder's end of a connection whose other end is played by a test. */
export class PlayedLink implements ByteLink {
  readonly peer = 'the test';
  readonly identity: string | undefined;
  unsentBytes = 0;
  paused = false;
  /** `end`, `destroy`. */
  readonly calls: string[] = [];
  /** How often something was written. */
  writes = 0;
  listener: ByteLinkListener | undefined;
  readonly #reader = new FrameReader<FeederMessage>({ maxFrame: 10_000_000, decode: decodeFeederMessage });
  #heard: FeederMessage[] = [];
  #whenFlushed: (() => void)[] = [];

  constructor(identity?: string) {
    this.identity = identity;
  }

  write(bytes: Buffer): void {
    this.writes++;
    this.#heard.push(...this.#reader.push(bytes));
  }

  get flushed(): boolean {
    return this.unsentBytes === 0;
  }

  whenFlushed(callback: () => void): void {
    if (this.flushed) callback();
    else this.#whenFlushed.push(callback);
  }

  flush(): void {
    this.unsentBytes = 0;
    for (const callback of this.#whenFlushed.splice(0)) callback();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  end(): void {
    this.calls.push('end');
  }

  destroy(): void {
    this.calls.push('destroy');
    this.close(new Error('cut'));
  }

  say(...messages: ConsumerMessage[]): void {
    this.listener?.data(Buffer.concat(messages.map((message) => encodeMessage(message))));
  }

  close(error?: Error): void {
    const listener = this.listener;
    this.listener = undefined;
    listener?.closed(error);
  }

  /** What was heard since the last look. */
  take(): FeederMessage[] {
    return this.#heard.splice(0);
  }
}
