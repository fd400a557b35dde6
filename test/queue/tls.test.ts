import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { Feed, numbersOf, numbersTo, stop } from './feed.js';

it('over TLS only who has its key is let in', async () => {
  const count = 500;
  const feed = await Feed.start({ listen: [{ host: '127.0.0.1', port: 0 }], count });
  const stranger = feed.consume({ id: 3, key: randomBytes(32) });
  const keyless = feed.consume({ id: 4, key: null });
  await feed.program.says('Refused 127.0.0.1', 2);
  const consumer = feed.consume({ id: 2 });
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(consumer)).toEqual([0]);
  await stop(stranger, keyless);
  expect(numbersOf('begin', stranger, keyless)).toEqual([]);
  expect(numbersOf('end', consumer)).toEqual(numbersTo(count));
  expect(numbersOf('done', feed.program)).toEqual(numbersTo(count));
});
