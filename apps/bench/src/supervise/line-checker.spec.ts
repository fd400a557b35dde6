import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LineChecker } from './line-checker.js';

function printed(printer: number, number: number): string {
  const body = `@${printer} ${number} some words`;
  return `${body} ${crc32(body).toString(16).padStart(8, '0')}`;
}

function check(lines: string[], expected: number) {
  const checker = new LineChecker();
  checker.push(Buffer.from(lines.map((line) => `2026-01-01T00:00:00: ${line}\n`).join('')));
  return checker.end(expected);
}

describe('LineChecker', () => {
  it('finds nothing wrong with whole lines of several printers, each in order', () => {
    const lines = [printed(1, 1), printed(2, 1), printed(1, 2), printed(2, 2), 'a line of the supervisor'];
    expect(check(lines, 4)).toEqual({ whole: 4, cut: 0, lost: 0, misordered: 0 });
  });

  it('puts lines together that come in two chunks', () => {
    const checker = new LineChecker();
    const text = `${printed(1, 1)}\n${printed(1, 2)}\n`;
    checker.push(Buffer.from(text.slice(0, 10)));
    checker.push(Buffer.from(text.slice(10)));
    expect(checker.end(2)).toEqual({ whole: 2, cut: 0, lost: 0, misordered: 0 });
  });

  it('counts a line cut in two once', () => {
    const line = printed(1, 2);
    const lines = [printed(1, 1), line.slice(0, 8), line.slice(8), printed(1, 3)];
    expect(check(lines, 3)).toEqual({ whole: 2, cut: 1, lost: 0, misordered: 0 });
  });

  it('counts lines that are missing', () => {
    expect(check([printed(1, 1), printed(1, 4)], 4)).toEqual({ whole: 2, cut: 0, lost: 2, misordered: 0 });
  });

  it('counts lines that come late or twice', () => {
    expect(check([printed(1, 2), printed(1, 1)], 2)).toEqual({ whole: 1, cut: 0, lost: 0, misordered: 1 });
    expect(check([printed(1, 1), printed(1, 1)], 2)).toEqual({ whole: 1, cut: 0, lost: 0, misordered: 1 });
  });

  it('does not take a changed line for a whole one', () => {
    expect(check([printed(1, 1).replace('words', 'swords')], 1)).toEqual({ whole: 0, cut: 1, lost: 0, misordered: 0 });
  });
});
