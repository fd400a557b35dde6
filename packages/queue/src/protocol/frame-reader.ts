import { type FeedMessage, FRAME_HEADER, FRAME_TYPES } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { feederFrame } from './frame-limits.js';

export interface FrameReaderOptions<M extends FeedMessage> {
  /** Largest body of a frame, in bytes. */
  readonly maxFrame: number;
  /** `decodeConsumerMessage` or `decodeFeederMessage`. */
  readonly decode: (type: number, body: Buffer) => M;
}

/** At least so much is taken for a body of which only the start is there; else what a peer announces would be allocated, not what it sends. */
const FIRST_BODY = 65_536;

/** A body that comes in several chunks. */
interface Body {
  readonly type: number;
  readonly length: number;
  bytes: Buffer;
  filled: number;
}

/**
 * Messages out of the bytes of a connection, however those are split. It keeps no chunk: the caller may use its memory again.
 */
export class FrameReader<M extends FeedMessage> {
  /**
   * Largest body of a frame, in bytes. A `welcome` raises it by itself, for what follows it may be in the same chunk.
   */
  maxFrame: number;
  readonly #decode: (type: number, body: Buffer) => M;
  readonly #header = Buffer.alloc(FRAME_HEADER);
  #headerFilled = 0;
  #body: Body | undefined;
  #failure: Error | undefined;

  constructor({ maxFrame, decode }: FrameReaderOptions<M>) {
    this.maxFrame = maxFrame;
    this.#decode = decode;
  }

  /** Why nothing more can be read: set as soon as it is known. `push` throws it, unless it had messages to return before. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * @returns the messages that the chunk completes; those before a bad frame, for what a peer has announced counts
   * @throws FeedProtocolError for a bad frame with none before it in this chunk, and at each later call
   */
  push(chunk: Buffer): M[] {
    const messages: M[] = [];
    try {
      let offset = 0;
      while (offset < chunk.length && this.#failure === undefined) offset = this.#read(chunk, offset, messages);
    } catch (error) {
      this.#failure = error as Error;
    }
    if (this.#failure !== undefined && messages.length === 0) throw this.#failure;
    return messages;
  }

  /** @returns where the next one starts */
  #read(chunk: Buffer, offset: number, messages: M[]): number {
    if (this.#body !== undefined) return this.#fillBody(this.#body, chunk, offset, messages);
    const start = offset + FRAME_HEADER;
    if (this.#headerFilled > 0 || start > chunk.length) return this.#fillHeader(chunk, offset, messages);
    const length = chunk.readUInt32BE(offset);
    const type = chunk[start - 1]!;
    const end = start + this.#checked(length);
    if (end > chunk.length) return this.#begin({ type, length, chunk, offset: start, messages });
    const body = chunk.subarray(start, end);
    this.#deliver(type, type === FRAME_TYPES.bytes ? Buffer.from(body) : body, messages);
    return end;
  }

  #fillHeader(chunk: Buffer, offset: number, messages: M[]): number {
    const header = this.#header;
    const copied = chunk.copy(header, this.#headerFilled, offset);
    this.#headerFilled += copied;
    if (this.#headerFilled < FRAME_HEADER) return offset + copied;
    this.#headerFilled = 0;
    const length = this.#checked(header.readUInt32BE(0));
    return this.#begin({ type: header[FRAME_HEADER - 1]!, length, chunk, offset: offset + copied, messages });
  }

  #begin({ type, length, chunk, offset, messages }: BodyStart<M>): number {
    const size = Math.min(length, Math.max(FIRST_BODY, 2 * (chunk.length - offset)));
    this.#body = { type, length, bytes: Buffer.allocUnsafe(size), filled: 0 };
    return this.#fillBody(this.#body, chunk, offset, messages);
  }

  #fillBody(body: Body, chunk: Buffer, offset: number, messages: M[]): number {
    const end = Math.min(chunk.length, offset + body.length - body.filled);
    makeRoom(body, body.filled + end - offset);
    body.filled += chunk.copy(body.bytes, body.filled, offset, end);
    if (body.filled === body.length) {
      this.#body = undefined;
      this.#deliver(body.type, body.bytes, messages);
    }
    return end;
  }

  #deliver(type: number, body: Buffer, messages: M[]): void {
    const message = this.#decode(type, body);
    if (message.type === 'welcome') this.maxFrame = Math.max(this.maxFrame, feederFrame(message.maxItemSize));
    messages.push(message);
  }

  #checked(length: number): number {
    if (length <= this.maxFrame) return length;
    throw new FeedProtocolError(`A frame of ${length} bytes, at most ${this.maxFrame} are allowed`);
  }
}

interface BodyStart<M> {
  readonly type: number;
  readonly length: number;
  readonly chunk: Buffer;
  readonly offset: number;
  readonly messages: M[];
}

/** Doubles, so that a long body in small chunks is not copied again and again. */
function makeRoom(body: Body, needed: number): void {
  if (needed <= body.bytes.length) return;
  const grown = Buffer.allocUnsafe(Math.min(body.length, Math.max(needed, 2 * body.bytes.length)));
  body.bytes.copy(grown, 0, 0, body.filled);
  body.bytes = grown;
}
