import { beforeEach, describe, expect, it } from 'vitest';
import { RunningThrottle } from './running-throttle.js';

let published: (string | undefined)[];
let throttle: RunningThrottle;

beforeEach(() => {
  published = [];
  throttle = new RunningThrottle((line) => published.push(line));
});

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe('RunningThrottle', () => {
  it('passes different lines at once', () => {
    for (const line of ['a', 'b', undefined, 'c']) throttle.offer(line, 0);
    expect(published).toEqual(['a', 'b', undefined, 'c']);
  });

  it('passes the same line at most once a second', () => {
    for (const now of [0, 500, 999, 1000, 1500]) throttle.offer('a', now);
    expect(published).toEqual(['a', 'a']);
  });

  it('passes at most 20 a second, then the latest', () => {
    for (const line of numbers(50)) throttle.offer(line, 0);
    expect(published).toEqual(numbers(20));
    throttle.flush(999);
    expect(published).toHaveLength(20);
    throttle.flush(1000);
    expect(published.slice(20)).toEqual(['49']);
    throttle.flush(2000);
    expect(published).toHaveLength(21);
  });

  it('of a block the first 20 lines and the last one count', () => {
    throttle.offerLines(`${numbers(1000).join('\n')}\n`, 0);
    throttle.flush(1000);
    expect(published).toEqual([...numbers(20), '999']);
  });

  it('takes a block of a single line', () => {
    throttle.offerLines('one\n', 0);
    throttle.offerLines('\n', 0);
    expect(published).toEqual(['one', '']);
  });

  it('a latest line that was published meanwhile is not published again', () => {
    for (const line of numbers(21)) throttle.offer(line, 0);
    throttle.offer('0', 0);
    throttle.flush(1000);
    expect(published).toEqual(numbers(20));
  });
});
