import { expect, it } from 'vitest';
import { AnswerBook } from './answer-book.js';
import { Farewell } from './farewell.js';

const error = { name: 'Error', message: 'no' };

it('what was answered between hello and welcome is sent to the feeder that adopts it', () => {
  const book = new AnswerBook();
  book.done(1);
  book.forHello();
  book.done(2);
  book.failed(3, error);
  const farewell = new Farewell();
  book.rename((id) => (id === 1 ? undefined : id + 10), farewell);
  expect(book.takeUnsent()).toEqual([{ type: 'answers', done: [[12, 12]], failed: [[13, error]], back: [] }]);
  expect(farewell.line('Feeder has gone')).toBe('Feeder has gone: not confirmed: done 1');
  book.confirm([[12, 13]]);
  expect(book.isEmpty).toBe(true);
});
