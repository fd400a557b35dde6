import { expect, it } from 'vitest';
import { queueLine } from './queue-progress.listener.js';

const QUEUE = {
  group: 'Q',
  waiting: 900,
  held: 100,
  done: 1500,
  failed: 0,
  consumers: 2,
  rate: 250.4,
  timeToClear: undefined,
};

it('tells what is done, how fast, and when it will be over', () => {
  expect(queueLine(QUEUE)).toBe('Q: 1,500 done  1,000 to do  250/s  4 s left');
});

it('leaves out what nobody can tell, and failures that there are not', () => {
  expect(queueLine({ ...QUEUE, failed: 3, rate: 0 })).toBe('Q: 1,500 done  3 failed  1,000 to do  0/s');
});
