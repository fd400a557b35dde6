import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeConsumerMessage } from './decode-consumer-message.js';
import { decodeFeederMessage } from './decode-feeder-message.js';
import { encodeBytes, encodeItems, encodeMessage } from './encode.js';
import { FRAME_TYPES, MAX_CONSUMER_FRAME } from './feed-message.js';
import { FeedProtocolError } from './feed-protocol-error.js';
import { GREETING_FRAME } from './frame-limits.js';
import { FrameReader } from './frame-reader.js';

const ofConsumer = (maxFrame = MAX_CONSUMER_FRAME) => new FrameReader({ maxFrame, decode: decodeConsumerMessage });
const ofFeeder = (maxFrame = GREETING_FRAME) => new FrameReader({ maxFrame, decode: decodeFeederMessage });

function raw(type: keyof typeof FRAME_TYPES | number, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(bytes.length, 0);
  header[4] = typeof type === 'number' ? type : FRAME_TYPES[type];
  return Buffer.concat([header, bytes]);
}

const json = (type: keyof typeof FRAME_TYPES, body: unknown) => raw(type, JSON.stringify(body));

describe('the bytes', () => {
  it('are length, type and JSON', () => {
    expect(encodeMessage({ type: 'confirm', ids: [[1, 3]] }).toString('latin1')).toBe('\0\0\0\x0f\x07{"ids":[[1,3]]}');
    expect(encodeItems({ first: 7, attempt: 1, texts: ['1', '"é"'], keys: ['a', 'b'] }).subarray(4)).toEqual(
      Buffer.from('\x03{"first":7,"attempt":1,"items":[1,"é"],"keys":["a","b"]}'),
    );
    expect(encodeBytes({ id: 7, attempt: 2, body: Buffer.from([0, 255]) }).toString('latin1')).toBe(
      '\0\0\0\x1a\x04\0\0\0\x14{"id":7,"attempt":2}\0\xff',
    );
  });
});

describe('limits', () => {
  const refusal = (bytes: number, most: number) => `A frame of ${bytes} bytes, at most ${most} are allowed`;

  it('refuses a frame above maxFrame as soon as its length is there, and takes one that is as long', () => {
    const frame = encodeMessage({ type: 'ping' });
    expect(ofConsumer(2).push(frame)).toEqual([{ type: 'ping' }]);
    expect(() => ofConsumer(1).push(frame)).toThrow(refusal(2, 1));
  });

  it('can be set between frames', () => {
    const reader = ofConsumer(2);
    reader.push(encodeMessage({ type: 'ping' }));
    reader.maxFrame = 1;
    expect(() => reader.push(encodeMessage({ type: 'ping' }))).toThrow(refusal(2, 1));
  });

  it('takes a large item that comes in one chunk with the welcome that allows it', () => {
    const reader = ofFeeder();
    const welcome = { type: 'welcome', protocol: 1, feeder: 'f', maxItemSize: 8_000_000 } as const;
    const item = 'x'.repeat(7_999_990);
    const items = encodeItems({ first: 1, attempt: 1, texts: [JSON.stringify(item)] });
    expect(() => ofFeeder().push(items)).toThrow(FeedProtocolError);
    expect(reader.push(Buffer.concat([encodeMessage(welcome), items]))).toEqual([
      welcome,
      { type: 'items', first: 1, attempt: 1, items: [item] },
    ]);
  });

  it('keeps little of a peer that announces much and sends little', () => {
    const header = Buffer.alloc(6);
    header.writeUInt32BE(MAX_CONSUMER_FRAME, 0);
    header[4] = FRAME_TYPES.answers;
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 20 }, () => ofConsumer());
    for (const reader of readers) reader.push(header);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 100_000);
  });
});

describe('a long frame', () => {
  it.each([1000, 65_536, 70_000, 600_000])('arrives in chunks of %i bytes, and what follows it as well', (size) => {
    const body = randomBytes(700_000);
    const bytes = Buffer.concat([encodeBytes({ id: 1, attempt: 1, body }), encodeMessage({ type: 'ping' })]);
    const reader = ofFeeder();
    const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size);
    const messages = starts.flatMap((start) => reader.push(bytes.subarray(start, start + size)));
    expect(messages).toEqual([{ type: 'bytes', id: 1, attempt: 1, body }, { type: 'ping' }]);
  });
});

describe('garbage', () => {
  const garbage = raw('ping', 'no JSON');
  const ping = encodeMessage({ type: 'ping' });

  it('is refused, and with the same error all that follows', () => {
    const reader = ofConsumer();
    expect(() => reader.push(garbage)).toThrow('ping: its text is not JSON');
    expect(() => reader.push(ping)).toThrow('ping: its text is not JSON');
  });

  it('does not take away what was said before it', () => {
    const reader = ofConsumer();
    const begun = { type: 'begun', ids: [[1, 1]] } as const;
    expect(reader.push(Buffer.concat([encodeMessage(begun), garbage, ping]))).toEqual([begun]);
    expect(reader.failure?.message).toBe('ping: its text is not JSON');
    expect(() => reader.push(Buffer.alloc(0))).toThrow('ping: its text is not JSON');
  });
});

const answers = { done: [], failed: [], back: [] };
const hello = { protocol: 1, id: 1, incarnation: 1, feeder: null, holds: [], begun: [], answers };

describe('a consumer', () => {
  const ranges = 'ranges of numbers from 1, ascending and disjoint was expected';
  const error = { name: 'Error', message: 'm' };
  it.each([
    ['a type that there is not', raw(99, '{}'), 'There is no message of type 99'],
    ['type 0', raw(0, '{}'), 'There is no message of type 0'],
    ['what only a feeder says', json('recall', {}), 'A consumer does not send recall'],
    ['an empty body', raw('ping', ''), 'ping: its text is not JSON'],
    ['a list', json('ping', []), 'ping: an object was expected, not a list of 0'],
    ['no UTF-8', raw('bye', Buffer.from('{"reason":"\xff"}', 'latin1')), 'bye: its text is not UTF-8'],
    ['no ids', json('begun', {}), `begun.ids: ${ranges}, not undefined`],
    [
      'ranges that overlap',
      json('begun', {
        ids: [
          [1, 3],
          [3, 4],
        ],
      }),
      `begun.ids: ${ranges}, not a list of 2`,
    ],
    [
      'ranges that descend',
      json('begun', {
        ids: [
          [4, 5],
          [1, 2],
        ],
      }),
      ranges,
    ],
    ['a range that ends before it starts', json('begun', { ids: [[2, 1]] }), ranges],
    ['the number 0', json('begun', { ids: [[0, 1]] }), ranges],
    ['a half number', json('begun', { ids: [[1, 1.5]] }), ranges],
    ['a number that is not exact', json('begun', { ids: [[1, 2 ** 53]] }), ranges],
    ['a range of three', json('begun', { ids: [[1, 2, 3]] }), ranges],
    ['numbers without end', json('begun', { ids: [[1, 1_000_001]] }), ranges],
    ['answers without a list', json('answers', { done: [], failed: [] }), `answers.back: ${ranges}`],
    ['a failure without an error', json('answers', { ...answers, failed: [[1]] }), 'answers.failed: a list of pairs'],
    [
      'an error without a text',
      json('answers', {
        ...answers,
        failed: [
          [1, error],
          [2, { name: 'Error' }],
        ],
      }),
      'answers.failed: a list of pairs of a number and an error was expected, not a list of 2',
    ],
    [
      'a stack that is no text',
      json('answers', { ...answers, failed: [[1, { ...error, stack: 1 }]] }),
      'answers.failed: a list of pairs',
    ],
    ['no protocol', json('hello', { ...hello, protocol: '1' }), 'hello.protocol: a whole number from 0'],
    ['no incarnation', json('hello', { ...hello, incarnation: -1 }), 'hello.incarnation: a whole number from 0'],
    ['no feeder', json('hello', { ...hello, feeder: undefined }), 'hello.feeder: a text was expected'],
    ['a key that is no text', json('hello', { ...hello, key: 1 }), 'hello.key: a text was expected, not 1'],
    ['no answers', json('hello', { ...hello, answers: 1 }), 'hello.answers: an object was expected, not 1'],
    ['broken answers', json('hello', { ...hello, answers: {} }), `hello.answers.done: ${ranges}`],
    ['keys without numbers', json('hello', { ...hello, keys: [['a', 'b']] }), 'hello.keys: a list of pairs'],
    [
      'begun items that it does not hold',
      json('hello', { ...hello, holds: [[1, 2]], begun: [[2, 3]] }),
      'hello: begun lists items that holds does not',
    ],
    ['a bye without reason', json('bye', { reason: null }), 'bye.reason: a text was expected, not null'],
    ['a bye that is refused a little', json('bye', { reason: '', refused: 1 }), 'bye.refused: true or false was'],
  ])('that sends %s is refused', (_what, bytes, message) => {
    expect(() => ofConsumer().push(bytes)).toThrow(FeedProtocolError);
    expect(() => ofConsumer().push(bytes)).toThrow(message);
  });

  it('may send fields that nobody knows: they are left out', () => {
    expect(ofConsumer().push(json('hello', { ...hello, colour: 'red' }))).toEqual([{ type: 'hello', ...hello }]);
  });
});

describe('a feeder', () => {
  const welcome = { protocol: 1, feeder: 'f', maxItemSize: 1 };
  it.each([
    ['what only a consumer says', json('begun', { ids: [] }), 'A feeder does not send begun'],
    ['no size of items', json('welcome', { ...welcome, maxItemSize: 0 }), 'welcome.maxItemSize: a whole number from 1'],
    ['a size without end', json('welcome', { ...welcome, maxItemSize: 1e12 }), 'welcome.maxItemSize: a whole number'],
    ['no name of its life', json('welcome', { ...welcome, feeder: 1 }), 'welcome.feeder: a text was expected'],
    ['half an adoption', json('welcome', { ...welcome, adopted: [[1]] }), 'welcome.adopted: a list of pairs'],
    ['an adoption of nothing', json('welcome', { ...welcome, adopted: [[1, 0]] }), 'welcome.adopted: a list of pairs'],
    ['no items', json('items', { first: 1, attempt: 1, items: [] }), 'items: there are none'],
    ['items that are no list', json('items', { first: 1, attempt: 1, items: {} }), 'items.items: a list was expected'],
    ['items without a number', json('items', { first: 0, attempt: 1, items: [1] }), 'items.first: a whole number from'],
    ['attempt 0', json('items', { first: 1, attempt: 0, items: [1] }), 'items.attempt: a whole number from 1'],
    [
      'numbers beyond the exact ones',
      json('items', { first: Number.MAX_SAFE_INTEGER, attempt: 1, items: [1] }),
      'items.first',
    ],
    ['too few keys', json('items', { first: 1, attempt: 1, items: [1, 2], keys: ['a'] }), 'items: 1 keys for 2 items'],
    ['keys that are no texts', json('items', { first: 1, attempt: 1, items: [1], keys: [1] }), 'items.keys: a list of'],
    ['bytes without a head', raw('bytes', Buffer.from([0, 0, 0])), 'bytes: its head ends after the frame of 3 bytes'],
    ['bytes with a head that is too long', raw('bytes', Buffer.from([0, 0, 0, 1])), 'bytes: its head ends after'],
    ['bytes with a broken head', raw('bytes', Buffer.from([0, 0, 0, 0])), 'bytes: its text is not JSON'],
    ['bytes without a number', raw('bytes', Buffer.from('\0\0\0\x02{}')), 'bytes.id: a whole number from 1'],
  ])('that sends %s is refused', (_what, bytes, message) => {
    expect(() => ofFeeder().push(bytes)).toThrow(FeedProtocolError);
    expect(() => ofFeeder().push(bytes)).toThrow(message);
  });
});
