import { describe, expect, it } from 'vitest';
import { bar, count, shortPath, size } from './format.js';

describe('format', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [48_123_456, '48.1 MB'],
    [2_000_000_000, '2.0 GB'],
  ])('writes %i bytes as %s', (bytes, text) => expect(size(bytes)).toBe(text));

  it('groups digits', () => expect(count(1234567)).toBe('1,234,567'));

  it('draws a bar of one length', () => {
    expect(bar(0)).toBe('░'.repeat(10));
    expect(bar(0.5)).toBe('█'.repeat(5) + '░'.repeat(5));
    expect(bar(1)).toBe('█'.repeat(10));
  });

  it('keeps the end of a long path', () => {
    expect(shortPath('short', 10)).toBe('short');
    expect(shortPath('a/very/long/path', 10)).toBe('…long/path');
  });
});
