import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Feeder } from '../source/feeder.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingLogger } from '../testing/recording-logger.js';
import type { FeederOptions } from './feeder-options.js';
import { FeederServer } from './feeder-server.js';

let folder: string;
let path: string;
const logger = new RecordingLogger();
const nothing: Feeder = { get: () => null };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  path = join(folder, 'feed');
  logger.lines.splice(0);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function serverOf(options: Partial<FeederOptions> = {}): FeederServer {
  return new FeederServer({ source: nothing, listen: [{ path }], logger, ...options });
}

it('without a key listens on nothing that others can reach', () => {
  for (const host of ['0.0.0.0', '192.168.0.1', '::', 'example.org']) {
    expect(() => serverOf({ listen: [{ host, port: 0 }] })).toThrow(`The feeder cannot listen on`);
  }
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) serverOf({ listen: [{ host, port: 0 }] });
  serverOf({ listen: [{ host: '0.0.0.0', port: 0 }], key: Buffer.alloc(32) });
});

it('listens, says so, and stops', async () => {
  const server = serverOf({ listen: [{ path }, { host: '127.0.0.1', port: 0 }] });
  await server.listen();
  expect(server.addresses).toEqual([{ path }, { host: '127.0.0.1', port: expect.any(Number) as number }]);
  const over = server.run();
  await server.stop();
  await over;
  expect(logger.lines).toEqual(['log Waiting for new connections', 'log Feeder queue is empty']);
});

it('a source that has ended already ends it', async () => {
  await expect(serverOf({ source: [] }).run()).resolves.toBeUndefined();
});

it('a port in use is logged and tried again until it is free', async () => {
  const clock = new ManualClock();
  const other = createServer().listen(path);
  await once(other, 'listening');
  const server = serverOf({ clock });
  const listening = server.listen();
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(1000);
  await expect.poll(() => logger.lines.length).toBe(2);
  expect(logger.lines).toEqual([
    `error ${path} is in use: waiting, tried again in 1 s`,
    `error ${path} is in use: waiting, tried again in 2 s`,
  ]);
  other.close();
  await once(other, 'close');
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(2000);
  await listening;
  await server.stop();
});

it('stops while it waits for its port', async () => {
  const clock = new ManualClock();
  const other = createServer().listen(path);
  await once(other, 'listening');
  const server = serverOf({ clock });
  const over = server.run();
  await expect.poll(() => clock.waiting).toBe(1);
  await server.stop();
  await over;
  other.close();
});

it('an address that cannot be listened on is an error', async () => {
  await expect(serverOf({ listen: [{ path: join(folder, 'none', 'feed') }] }).listen()).rejects.toMatchObject({
    code: 'FEED_ADDRESS',
  });
});

it('a source that cannot be opened ends it, and is closed', async () => {
  let closed = 0;
  const server = serverOf({
    source: {
      capabilities: { adopt: false },
      open: () => Promise.reject(new Error('no such database')),
      claim: () => [],
      ended: () => false,
      complete() {},
      fail() {},
      release() {},
      close: () => void closed++,
    },
  });
  await expect(server.run()).rejects.toThrow('no such database');
  expect(closed).toBe(1);
});

it('the source wakes it', async () => {
  const asked: number[] = [];
  let wake = (): void => {};
  const server = serverOf({
    source: {
      capabilities: { adopt: false },
      open: (context) => void (wake = () => context.wake()),
      claim: (max) => (asked.push(max), []),
      ended: () => false,
      complete() {},
      fail() {},
      release() {},
    },
  });
  await server.listen();
  wake();
  server.wake();
  expect(asked).toHaveLength(3);
  await server.stop();
});
