import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { consumerKey } from '@distributed-architecture/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FeedAddress } from './byte-link.js';
import { listen, type Listening } from './listen.js';
import { SocketLink } from './socket-link.js';
import { socketPath } from './socket-path.js';

let folder: string;
let ends: (() => void)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feed-'));
  ends = [];
});

afterEach(() => {
  for (const end of ends) end();
  rmSync(folder, { recursive: true, force: true });
});

/** Listens; what comes over the first link is gathered. */
async function listenTo(address: FeedAddress, key?: Buffer) {
  const linked = Promise.withResolvers<SocketLink>();
  const closed = Promise.withResolvers<Error | undefined>();
  const problems: string[] = [];
  const heard = { text: '' };
  const listening: Listening = await listen({
    address,
    key,
    onLink(link) {
      ends.push(() => link.destroy());
      link.listen({ data: (chunk) => void (heard.text += String(chunk)), closed: (error) => closed.resolve(error) });
      linked.resolve(link);
    },
    onProblem: (problem) => problems.push(problem),
  });
  ends.push(() => listening.close());
  return { listening, linked: linked.promise, closed: closed.promise, heard, problems };
}

function dial(path: string): Socket {
  const reach = socketPath(path);
  const socket = connect(reach.path, () => reach.close());
  socket.on('error', () => {});
  ends.push(() => socket.destroy());
  return socket;
}

it('listens on a path that only its user can open', async () => {
  const path = join(folder, 'feed');
  await listenTo({ path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('reaches a path that is longer than the system allows', async () => {
  const deep = join(folder, 'd'.repeat(120));
  mkdirSync(deep);
  const feed = await listenTo({ path: join(deep, 'feed') });
  const socket = dial(join(deep, 'feed'));
  socket.end('hello');
  expect(await feed.closed).toBeUndefined();
  expect(feed.heard.text).toBe('hello');
  feed.listening.close();
  await expect.poll(() => statSync(join(deep, 'feed'), { throwIfNoEntry: false })).toBeUndefined();
});

it('replaces what a dead feeder left, and nothing that is alive', async () => {
  const path = join(folder, 'feed');
  const dead = createServer().listen(path);
  await once(dead, 'listening');
  await expect(listenTo({ path })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const left = join(folder, 'left');
  // What a killed process leaves: a file that nobody listens on.
  const { rename } = await import('node:fs/promises');
  await rename(path, left);
  dead.close();
  await once(dead, 'close');
  const feed = await listenTo({ path: left });
  dial(left).end('there');
  await feed.closed;
  expect(feed.heard.text).toBe('there');
});

it('is flushed at once while the system takes what is written, and tells when it does again', async () => {
  const path = join(folder, 'feed');
  const feed = await listenTo({ path });
  const socket = dial(path).pause();
  const link = await feed.linked;
  link.write(Buffer.from('small'));
  expect([link.flushed, link.unsentBytes]).toEqual([true, 0]);
  link.write(Buffer.alloc(2_000_000));
  link.write(Buffer.alloc(1000));
  expect(link.flushed).toBe(false);
  expect(link.unsentBytes).toBeGreaterThan(1000);
  const flushed = new Promise<void>((resolve) => link.whenFlushed(resolve));
  socket.resume();
  await flushed;
  expect(link.unsentBytes).toBe(0);
});

it('reads what a dead process had said, though it can say nothing to it any more', async () => {
  const path = join(folder, 'feed');
  const feed = await listenTo({ path });
  const socket = dial(path);
  await once(socket, 'connect');
  const link = await feed.linked;
  link.pause();
  link.write(Buffer.alloc(1000));
  await new Promise<void>((resolve) => socket.write('x'.repeat(100_000), () => resolve()));
  socket.destroy();
  await once(socket, 'close');
  for (let count = 0; count < 5; count++) link.write(Buffer.from('to nobody'));
  await new Promise((resolve) => void setImmediate(resolve));
  link.resume();
  expect(await feed.closed).toBeUndefined();
  expect(feed.heard.text).toHaveLength(100_000);
});

it('over TCP with a key it speaks TLS 1.3, and knows who is there', async () => {
  const key = randomBytes(32);
  const feed = await listenTo({ host: '127.0.0.1', port: 0 }, key);
  const { port } = feed.listening.address as { port: number };
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256',
    pskCallback: () => ({ psk: consumerKey(key, 7, 2), identity: '7.2' }),
    checkServerIdentity: () => undefined,
  });
  ends.push(() => socket.destroy());
  await once(socket, 'secureConnect');
  const link = await feed.linked;
  expect([link.identity, socket.getProtocol()]).toEqual(['7.2', 'TLSv1.3']);
  socket.end('secret');
  expect(await feed.closed).toBeUndefined();
  expect(feed.heard.text).toBe('secret');
});

it('over TCP with a key it refuses a wrong key, a wrong name, and who does not speak TLS', async () => {
  const key = randomBytes(32);
  const feed = await listenTo({ host: '127.0.0.1', port: 0 }, key);
  const { port } = feed.listening.address as { port: number };
  for (const identity of ['7.2', 'nobody']) {
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ciphers: 'TLS_AES_128_GCM_SHA256',
      pskCallback: () => ({ psk: randomBytes(32), identity }),
      checkServerIdentity: () => undefined,
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
  }
  const plain = connect(port, '127.0.0.1');
  plain.on('error', () => {});
  plain.end('GET / HTTP/1.1\r\n\r\n');
  await new Promise((resolve) => plain.once('close', resolve));
  await expect.poll(() => feed.problems.length).toBe(3);
  expect(feed.problems[0]).toMatch(/^Refused 127\.0\.0\.1:\d+: /u);
});
