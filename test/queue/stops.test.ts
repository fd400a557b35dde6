import { expect, it } from 'vitest';
import { Feed, hasSaid, numbersOf, numbersTo, stop } from './feed.js';

it('a consumer that is stopped finishes what it has begun and gives back the rest: another one handles it', async () => {
  const feed = await Feed.start({ count: 200, window: 150 });
  const first = feed.consume({ id: 2, ms: 20 });
  await hasSaid(first, 'end 3');
  expect(await stop(first)).toEqual([0]);
  const second = feed.consume({ id: 3 });
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(second)).toEqual([0]);
  expect(numbersOf('begin', first)).toEqual(numbersOf('end', first));
  expect(numbersOf('end', first, second)).toEqual(numbersTo(200));
  expect(numbersOf('done', feed.program)).toEqual(numbersTo(200));
  expect(numbersOf('end', second).length).toBeGreaterThan(100);
});

it('a feeder that is stopped in the midst waits for what is begun and releases the rest', async () => {
  const feed = await Feed.start({ count: 200, window: 150, concurrency: 4 });
  const consumers = [2, 3].map((id) => feed.consume({ id, ms: 100, concurrency: 4 }));
  await Promise.all(consumers.map((consumer) => hasSaid(consumer, 'end')));
  feed.program.send('SIGTERM', 'alone');
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(...consumers)).toEqual([0, 0]);
  const begun = numbersOf('begin', ...consumers);
  expect(numbersOf('end', ...consumers)).toEqual(begun);
  expect(numbersOf('done', feed.program)).toEqual(begun);
  const outcomes = [...numbersOf('done', feed.program), ...numbersOf('released', feed.program)];
  expect(outcomes.toSorted((a, b) => a - b)).toEqual(numbersTo(200));
});
