import { expect, it } from 'vitest';
import { LastLines } from './last-lines.js';

it('keeps the last ten lines of many blocks', () => {
  const last = new LastLines();
  for (let i = 1; i <= 100; i++) last.add(`${i}\n`);
  expect(last.take()).toEqual(Array.from({ length: 10 }, (_, index) => String(91 + index)));
});

it('keeps lines of several blocks together', () => {
  const last = new LastLines();
  last.add('1\n2\n3\n');
  last.add('4\n');
  expect(last.take()).toEqual(['1', '2', '3', '4']);
  expect(last.take()).toEqual([]);
});

it('keeps the end of a long block', () => {
  const last = new LastLines();
  last.add(`${'x'.repeat(10_000)}\nend\n`);
  const [long, end] = last.take();
  expect(end).toBe('end');
  expect(long).toMatch(/^x+$/);
  expect(long!.length).toBeLessThan(4096);
});
