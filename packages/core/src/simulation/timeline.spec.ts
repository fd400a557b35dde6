import { expect, test } from 'vitest';
import { randomFrom } from '../testing/random.js';
import { Timeline } from './timeline.js';

test('what is due happens in the order of time, then in the order in which it was planned', () => {
  const timeline = new Timeline();
  const random = randomFrom(1);
  const happened: { at: number; order: number }[] = [];
  for (let order = 0; order < 2000; order++) {
    const at = Math.floor(random() * 100);
    timeline.after(at, () => void happened.push({ at, order }));
  }
  while (timeline.step());
  expect(happened).toEqual(happened.toSorted((a, b) => a.at - b.at || a.order - b.order));
  expect(happened).toHaveLength(2000);
});

test('what is cancelled does not happen, and what happens may plan more', () => {
  const timeline = new Timeline();
  const happened: number[] = [];
  const cancel = timeline.after(5, () => happened.push(-1));
  timeline.after(1, () => {
    cancel();
    timeline.after(10, () => happened.push(timeline.now));
  });
  while (timeline.step());
  expect(happened).toEqual([11]);
});
