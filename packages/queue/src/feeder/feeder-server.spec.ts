import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Feeder } from '../source/feeder.js';
import type { ItemSource } from '../source/item-source.js';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingLogger } from '../testing/recording-logger.js';
import type { FeederListener, FeederOptions } from './feeder-options.js';
import { FeederServer } from './feeder-server.js';

let folder: string;
let path: string;
const logger = new RecordingLogger();
const nothing: Feeder = { get: () => null };
const EMPTY: ItemSource = {
  capabilities: { adopt: false },
  claim: () => [],
  ended: () => false,
  complete() {},
  fail() {},
  release() {},
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  path = join(folder, 'feed');
  logger.lines.splice(0);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function serverOf(options: Partial<FeederOptions> = {}): FeederServer {
  return new FeederServer({ source: nothing, listen: [{ path }], logger, ...options });
}

const NOBODY: FeederListener = { demand() {}, leaving() {}, killRequest() {} };

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
  const waits: boolean[] = [];
  const listener = { ...NOBODY, waiting: (waiting: boolean) => void waits.push(waiting) };
  const server = serverOf({ clock, listener });
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
  expect(waits).toEqual([true, false]);
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

it('says what a stop waits for after a second', async () => {
  const clock = new ManualClock();
  const closed = Promise.withResolvers<void>();
  const source = { ...EMPTY, close: () => closed.promise };
  const server = serverOf({ clock, source });
  await server.listen();
  const stopped = server.stop();
  await expect.poll(() => clock.waiting).toBeGreaterThan(0);
  clock.advance(1000);
  expect(logger.lines.at(-1)).toBe('log Stopping: waits until the source is closed');
  closed.resolve();
  await stopped;
  expect(clock.waiting).toBe(0);
});

it.each([
  [{ concurrency: 0 }, 'concurrency is 0, it has to be a whole number from 1 on'],
  [{ window: 1.5 }, 'window is 1.5'],
  [{ maxItemSize: 1e12 }, 'it has to be a whole number from 1 to 268435456'],
  [{ itemTimeout: Number.NaN }, 'itemTimeout is NaN'],
  [{ abortGrace: -1 }, 'abortGrace is -1'],
  [{ pollInterval: 0 }, 'pollInterval is 0, it has to be above 0'],
  [{ key: Buffer.alloc(5) }, 'length of the key is 5, it has to be 32 bytes'],
])('refuses options that are out of their range: %j', (options, message) => {
  expect(() => serverOf(options)).toThrow(message);
});
