import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consumerMessages, feederMessages, frameOf } from '../testing/message-arbitraries.js';
import { decodeConsumerMessage } from './decode-consumer-message.js';
import { decodeFeederMessage } from './decode-feeder-message.js';
import { type FeedMessage, MAX_CONSUMER_FRAME } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { FrameReader } from './frame-reader.js';

/** Sizes of the chunks, over and over. */
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 400 })), {
  minLength: 1,
  maxLength: 20,
});

const PEERS = [
  ['consumer', decodeConsumerMessage, consumerMessages],
  ['feeder', decodeFeederMessage, feederMessages],
] as const;

describe.each(PEERS)('frames of a %s', (_name, decode, messages) => {
  const newReader = () => new FrameReader<FeedMessage>({ maxFrame: MAX_CONSUMER_FRAME, decode });

  it('survive any split', () => {
    fc.assert(
      fc.property(messages, sizes, (sent: readonly FeedMessage[], chunkSizes) => {
        expect(readAll(newReader(), Buffer.concat(sent.map(frameOf)), chunkSizes)).toEqual(sent);
      }),
    );
  });

  it('do not change when the memory of a chunk is used again', () => {
    fc.assert(
      fc.property(messages, sizes, (sent: readonly FeedMessage[], chunkSizes) => {
        const reader = newReader();
        const received = [...chunksOf(Buffer.concat(sent.map(frameOf)), chunkSizes)].flatMap((chunk) => {
          const lent = Buffer.from(chunk);
          const read = reader.push(lent);
          lent.fill(0xff);
          return read;
        });
        expect(received).toEqual(sent);
      }),
    );
  });

  it('that were damaged are messages or a FeedProtocolError, never anything else', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(messages, damage, sizes, (sent: readonly FeedMessage[], changes, chunkSizes) => {
        const bytes = Buffer.concat(sent.map(frameOf));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        expect(otherError(() => readAll(newReader(), bytes, chunkSizes))).toBe(undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('of random bytes are messages or a FeedProtocolError, never anything else', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), body), { maxLength: 5 });
    fc.assert(
      fc.property(frames, sizes, (all, chunkSizes) => {
        const bytes = Buffer.concat(all.map(([type, each]) => rawFrame(type, each)));
        expect(otherError(() => readAll(newReader(), bytes, chunkSizes))).toBe(undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('longer than allowed are refused by their header alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: MAX_CONSUMER_FRAME + 1, max: 0xffffffff }), sizes, (length, chunkSizes) => {
        const header = rawFrame(5, new Uint8Array());
        header.writeUInt32BE(length, 0);
        const before = process.memoryUsage().arrayBuffers;
        expect(() => readAll(newReader(), header, chunkSizes)).toThrow(FeedProtocolError);
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_CONSUMER_FRAME);
      }),
    );
  });
});

function readAll(reader: FrameReader<FeedMessage>, bytes: Buffer, chunkSizes: readonly number[]): FeedMessage[] {
  return [...chunksOf(bytes, chunkSizes)].flatMap((chunk) => reader.push(chunk));
}

function* chunksOf(bytes: Buffer, chunkSizes: readonly number[]): Generator<Buffer> {
  let offset = 0;
  for (let index = 0; offset < bytes.length; index += 1) {
    const end = offset + chunkSizes[index % chunkSizes.length]!;
    yield bytes.subarray(offset, end);
    offset = end;
  }
}

function rawFrame(type: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(body.length, 0);
  header[4] = type;
  return Buffer.concat([header, body]);
}

/** What it throws besides FeedProtocolError. */
function otherError(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof FeedProtocolError ? undefined : error;
  }
}
