import { expect, it } from 'vitest';
import { decodeFeederMessage } from './decode-feeder-message.js';
import { encodeItems } from './encode.js';
import type { FeederMessage } from './feed-message.js';
import { FrameReader } from './frame-reader.js';

function decoded(frame: Buffer): FeederMessage[] {
  return new FrameReader<FeederMessage>({ maxFrame: frame.length, decode: decodeFeederMessage }).push(frame);
}

it.each(['x', 'é', '語', '😀'])('long texts arrive as they are: %s', (character) => {
  const items = [character.repeat(5000), `short ${character}`, character.repeat(20_000)];
  const texts = items.map((item) => JSON.stringify(item));
  const message = { first: 4, attempt: 2, begun: 1, keys: ['a', character, 'c'] };
  expect(decoded(encodeItems({ ...message, texts }))).toEqual([{ type: 'items', ...message, items }]);
});

it.each([0, 4, 1.5, null])('more or less items than there are cannot be begun: %s', (begun) => {
  const texts = ['1', '2', '3'];
  expect(() => decoded(encodeItems({ first: 1, attempt: 1, begun: begun as number, texts }))).toThrow('items.begun');
});
