import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { MessagePipe } from './message-pipe.js';

function open() {
  const stream = new PassThrough();
  const received: unknown[] = [];
  const pipe = new MessagePipe(stream, (message) => received.push(message));
  return { stream, received, pipe };
}

it('joins messages that arrive in parts', async () => {
  const { stream, received } = open();
  const text = '{"type":"ping"}\n{"text":"a\\nb 😀"}\n';
  for (const byte of Buffer.from(text)) stream.write(Buffer.from([byte]));
  await new Promise((resolve) => stream.end(resolve));
  expect(received).toEqual([{ type: 'ping' }, { text: 'a\nb 😀' }]);
});

it('a line that is no JSON comes as text, and the next message is read', () => {
  const { stream, received } = open();
  stream.write('this is no json\n\n{"type":"ping"}\n');
  expect(received).toEqual(['this is no json', '', { type: 'ping' }]);
});

it('writes one message a line', () => {
  const { stream, received, pipe } = open();
  pipe.send({ type: 'log-credit', characters: 5 });
  expect(received).toEqual([{ type: 'log-credit', characters: 5 }]);
  stream.destroy(new Error('gone'));
  pipe.send({ type: 'stop' });
  expect(received).toHaveLength(1);
});
