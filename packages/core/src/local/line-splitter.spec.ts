import { describe, expect, it } from 'vitest';
import { randomFrom } from '../testing/random.js';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.js';

function split(chunks: readonly Buffer[], maxBytes?: number): string {
  const splitter = new LineSplitter(maxBytes);
  return chunks.map((chunk) => splitter.push(chunk)).join('') + splitter.end();
}

function splitTexts(...texts: string[]): string {
  return split(texts.map((text) => Buffer.from(text)));
}

describe('LineSplitter', () => {
  it('passes on whole lines only', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('one\ntw'))).toBe('one\n');
    expect(splitter.push(Buffer.from('o'))).toBe('');
    expect(splitter.push(Buffer.from('\nthree\n'))).toBe('two\nthree\n');
    expect(splitter.end()).toBe('');
  });

  it('ends what came after the last newline', () => {
    expect(splitTexts('one\ntwo')).toBe('one\ntwo\n');
  });

  it('keeps empty lines and carriage returns', () => {
    expect(splitTexts('\n\na\r\n\n')).toBe('\n\na\r\n\n');
  });

  it('a line of 65,536 bytes is whole', () => {
    const line = 'x'.repeat(MAX_LINE_BYTES);
    expect(splitTexts(`${line}\n`)).toBe(`${line}\n`);
    expect(splitTexts(line)).toBe(`${line}\n`);
  });

  it('a longer one comes in pieces of that size', () => {
    const piece = 'x'.repeat(MAX_LINE_BYTES);
    expect(splitTexts(`a\n${piece}${piece}yz\nb\n`)).toBe(`a\n${piece} [...]\n${piece} [...]\nyz\nb\n`);
  });

  it('passes on the pieces of a line without an end as they come', () => {
    const splitter = new LineSplitter();
    const piece = 'x'.repeat(MAX_LINE_BYTES);
    expect(splitter.push(Buffer.from(piece))).toBe('');
    expect(splitter.push(Buffer.from('y'))).toBe(`${piece} [...]\n`);
    expect(splitter.end()).toBe('y\n');
  });

  it('cuts no UTF-8 character', () => {
    for (const character of ['é', '€', '😀']) {
      const text = `x${character.repeat(40_000)}`;
      const lines = splitTexts(text);
      expect(lines.replaceAll(' [...]\n', '')).toBe(`${text}\n`);
    }
  });

  it('joins a character that arrives byte by byte', () => {
    const bytes = [...Buffer.from('a😀b\n')].map((byte) => Buffer.from([byte]));
    expect(split(bytes)).toBe('a😀b\n');
  });

  it('binary data is replaced, not lost or thrown at', () => {
    expect(split([Buffer.from([0xff, 0xfe, 0x0a, 0x80, 0x00])])).toBe('\ufffd\ufffd\n\ufffd\u0000\n');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('any split of any bytes gives the same lines (seed %i)', (seed) => {
    const random = randomFrom(seed);
    for (let round = 0; round < 200; round++) {
      const bytes = someBytes(random);
      const whole = split([bytes], 16);
      expect(split(cut(bytes, random), 16)).toBe(whole);
      expect(whole.endsWith('\n')).toBe(bytes.length > 0);
    }
  });
});

/** Up to 200 bytes with many newlines, some text of several bytes a character, some that is no UTF-8. */
function someBytes(random: () => number): Buffer {
  const parts = ['\n', 'a', 'bcdefghijklmnopqrstuvwxyz', 'é', '€', '😀', '\n\n'].map((text) => Buffer.from(text));
  parts.push(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80]), Buffer.from([0xff]), Buffer.from([0xe2, 0x82]));
  const count = Math.floor(random() * 20);
  return Buffer.concat(Array.from({ length: count }, () => parts[Math.floor(random() * parts.length)]!));
}

function cut(bytes: Buffer, random: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + Math.floor(random() * 30);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return chunks;
}
