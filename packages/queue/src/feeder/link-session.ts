import { decodeConsumerMessage } from '../protocol/decode-consumer-message.js';
import { encodeBytes, encodeItems, encodeMessage } from '../protocol/encode.js';
import {
  type BytesMessage,
  type ConsumerMessage,
  type FeederMessage,
  type ItemsMessage,
  ITEMS_FRAME,
  MAX_CONSUMER_FRAME,
} from '../protocol/feed-message.js';
import { FrameReader } from '../protocol/frame-reader.js';
import type { ByteLink } from '../transport/byte-link.js';
import type { FeedItem } from './feed-item.js';

/** Frames that are written together are copied into one buffer up to so many bytes. */
const JOIN_BYTES = 65_536;

/** One connection: messages in and out of bytes. What is said is kept until `flush`, and goes out in one write. */
export class LinkSession {
  readonly #reader = new FrameReader<ConsumerMessage>({ maxFrame: MAX_CONSUMER_FRAME, decode: decodeConsumerMessage });
  #frames: Buffer[] = [];
  #bytes = 0;
  #urgent = false;
  choked = false;

  constructor(
    readonly number: number,
    readonly link: ByteLink,
  ) {}

  /** @throws FeedProtocolError */
  read(chunk: Buffer): ConsumerMessage[] {
    return this.#reader.push(chunk);
  }

  /** Why nothing more can be read, though `read` may have returned messages. */
  get failure(): Error | undefined {
    return this.#reader.failure;
  }

  /** Nothing but confirmations is to be flushed: nobody waits for them. */
  get isPatient(): boolean {
    return this.#frames.length > 0 && !this.#urgent;
  }

  say(message: Exclude<FeederMessage, ItemsMessage | BytesMessage>): void {
    if (message.type !== 'confirm') this.#urgent = true;
    this.#add(encodeMessage(message));
  }

  /** Items with numbers in a row share a frame. @param begun so many of the first count as begun */
  sayItems(items: readonly FeedItem[], begun: number): void {
    this.#urgent = true;
    for (let from = 0; from < items.length;) {
      const item = items[from]!;
      const left = begun - from;
      if (typeof item.content === 'string') {
        const to = endOfRun(items, from);
        this.#sayRun(items.slice(from, to), left > 0 ? Math.min(left, to - from) : undefined);
        from = to;
      } else {
        const { id, attempt, content: body, claimed } = item;
        this.#add(encodeBytes({ id, attempt, begun: left > 0 ? 1 : undefined, key: claimed.key, body }));
        from++;
      }
    }
  }

  flush(): void {
    this.#urgent = false;
    const frames = this.#frames;
    if (frames.length === 0) return;
    this.#frames = [];
    if (frames.length === 1) this.link.write(frames[0]!);
    else if (this.#bytes <= JOIN_BYTES) this.link.write(Buffer.concat(frames, this.#bytes));
    else for (const frame of frames) this.link.write(frame);
    this.#bytes = 0;
  }

  #sayRun(items: readonly FeedItem[], begun: number | undefined): void {
    const { id: first, attempt, claimed } = items[0]!;
    const texts = items.map(({ content }) => content as string);
    const keys = claimed.key === undefined ? undefined : items.map((item) => item.claimed.key ?? '');
    this.#add(encodeItems({ first, attempt, begun, texts, keys }));
  }

  #add(frame: Buffer): void {
    this.#frames.push(frame);
    this.#bytes += frame.length;
  }
}

/** Numbers in a row, the same attempt, texts, and not too long. */
function endOfRun(items: readonly FeedItem[], from: number): number {
  const first = items[from]!;
  let size = first.size;
  let to = from + 1;
  for (; to < items.length; to++) {
    const item = items[to]!;
    size += item.size;
    const isNext = item.id === first.id + to - from && item.attempt === first.attempt;
    if (!isNext || size > ITEMS_FRAME || typeof item.content !== 'string') break;
  }
  return to;
}
