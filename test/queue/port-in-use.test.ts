import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Feed, numbersOf, stop } from './feed.js';

it('a feeder whose port is in use says so, waits, and goes on when it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const feed = await Feed.prepare({ listen: [{ host: '127.0.0.1', port }], count: 3 });
  await feed.program.says(`127.0.0.1:${port} is in use: waiting, tried again in 1 s`);
  other.close();
  await feed.program.says('listening');
  const consumer = feed.consume({ id: 2 });
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(consumer)).toEqual([0]);
  expect(numbersOf('done', feed.program)).toEqual([1, 2, 3]);
});

it('a second feeder does not take the unix socket of one that lives, but that of a dead one', async () => {
  const first = await Feed.start({ count: 1 });
  const second = await Feed.prepare({ listen: first.addresses, count: 1 });
  await second.program.says('is in use: waiting, tried again in 1 s');
  first.program.send('SIGKILL', 'alone');
  await second.program.says('listening');
  const consumer = second.consume({ id: 2 });
  expect((await second.program.end).code).toBe(0);
  expect(await stop(consumer)).toEqual([0]);
});
