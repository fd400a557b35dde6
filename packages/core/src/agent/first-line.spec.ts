import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { firstLine } from './first-line.js';

const LIMITS = { bytes: 20, waitMs: 10_000 };

it('is the first line, however it comes in; what follows can still be read', async () => {
  const input = new PassThrough();
  const line = firstLine(input, LIMITS);
  for (const part of [Buffer.from('hell'), Buffer.from([0x6f, 0x20, 0xc3]), Buffer.from([0xa9]), '\nrest', 'less'])
    input.write(part);
  expect(await line).toBe('hello é');
  input.end();
  expect(await text(input)).toBe('restless');
});

it('may be all that comes', async () => {
  const input = new PassThrough();
  input.end('hello\n');
  expect(await firstLine(input, LIMITS)).toBe('hello');
  expect(await text(input)).toBe('');
});

it.each([
  ['the end comes first', (input: PassThrough) => void input.end('half'), 'it has ended'],
  ['the stream breaks', (input: PassThrough) => void input.destroy(new Error('gone')), 'it has ended'],
  [
    'it is too long',
    (input: PassThrough) => void input.write('x'.repeat(21)),
    'its first 21 bytes have no end of a line',
  ],
])('is none when %s', async (_title, act, reason) => {
  const input = new PassThrough();
  const line = firstLine(input, LIMITS);
  act(input);
  await expect(line).rejects.toThrow(`No line has come on standard input: ${reason}`);
});

it('is none when nothing comes', async () => {
  await expect(firstLine(new PassThrough(), { bytes: 20, waitMs: 5 })).rejects.toThrow('nothing for 0.005 s');
});
