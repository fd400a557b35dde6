import { expect, it } from 'vitest';
import { createConsumer, type ConsumerRecord } from './consumer-record.js';
import { idles, measure, slowDown, works } from './pace.js';

const AUTO = { concurrency: 2, auto: true };

function busyConsumer(): ConsumerRecord {
  const consumer = createConsumer(1, 1, 2);
  works(consumer.pace, 0);
  return consumer;
}

it('grows at most to the double at a time, up to 20 ms of work', () => {
  const consumer = busyConsumer();
  const windows: number[] = [];
  for (let now = 10; now <= 100; now += 10) {
    measure(consumer, { ...AUTO, answered: 20, now });
    windows.push(consumer.window);
  }
  expect(windows).toEqual([4, 8, 16, 32, 40, 40, 40, 40, 40, 40]);
});

it('is never smaller than what the consumer handles at once', () => {
  const consumer = busyConsumer();
  measure(consumer, { ...AUTO, answered: 1, now: 10_000 });
  expect(consumer.window).toBe(2);
});

it('measures only while there was something to do', () => {
  const consumer = busyConsumer();
  idles(consumer.pace, 5);
  works(consumer.pace, 1000);
  measure(consumer, { ...AUTO, answered: 10, now: 1005 });
  expect(consumer.pace.rate).toBe(1);
});

it('does not measure what is too short', () => {
  const consumer = busyConsumer();
  measure(consumer, { ...AUTO, answered: 10, now: 1 });
  expect(consumer.pace.rate).toBeUndefined();
  measure(consumer, { ...AUTO, answered: 10, now: 2 });
  expect(consumer.pace.rate).toBe(10);
});

it('leaves a fixed window alone', () => {
  const consumer = busyConsumer();
  measure(consumer, { concurrency: 2, auto: false, answered: 1000, now: 10 });
  expect(consumer.window).toBe(2);
  expect(consumer.pace.rate).toBe(100);
});

it('is at most 2,000', () => {
  const consumer = busyConsumer();
  for (let now = 10; now <= 300; now += 10) measure(consumer, { ...AUTO, answered: 1_000_000, now });
  expect(consumer.window).toBe(2000);
});

it('who sits on its items is slower than it was thought', () => {
  const consumer = busyConsumer();
  for (let now = 10; now <= 100; now += 10) measure(consumer, { ...AUTO, answered: 1000, now });
  expect(consumer.window).toBe(2000);
  slowDown(consumer, { ...AUTO, now: 600 });
  expect(consumer.window).toBe(2);
});
