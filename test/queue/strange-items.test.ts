import { expect, it } from 'vitest';
import { Feed, numbersOf, stop } from './feed.js';

it('items that cannot be sent fail alone, each with its reason; those between them are handled', async () => {
  const feed = await Feed.start({ strange: true, maxItemSize: 1000 });
  const consumer = feed.consume({ id: 2 });
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(consumer)).toEqual([0]);
  expect(feed.program.output.match(/^failed .*$/gm)).toEqual([
    'failed undefined invalid The item cannot be sent: undefined is no JSON value',
    'failed function invalid The item cannot be sent: function is no JSON value',
    expect.stringContaining('failed bigint invalid The item cannot be sent: '),
    expect.stringContaining('failed circular invalid The item cannot be sent: '),
    'failed large invalid The item cannot be sent: 2002 bytes, the largest item has 1000',
    'failed large bytes invalid The item cannot be sent: 2000 bytes, the largest item has 1000',
    'failed throws invalid The item cannot be sent: not me',
  ]);
  expect(numbersOf('end', consumer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(numbersOf('done', feed.program)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
