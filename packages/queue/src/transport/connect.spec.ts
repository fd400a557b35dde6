import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consumerKey } from '@distributed-architecture/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ByteLink, ByteLinkListener, FeedAddress } from './byte-link.js';
import { SocketConnector } from './connect.js';
import { listen, type Listening } from './listen.js';

const KEY = Buffer.alloc(32, 5);
const NEVER = new AbortController().signal;

let folder: string;
let closing: (() => void)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-'));
  closing = [];
});

afterEach(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true });
});

/** A server that answers everything with itself. */
async function echo(
  address: FeedAddress,
  key?: Buffer,
): Promise<{ listening: Listening; peers: (string | undefined)[] }> {
  const peers: (string | undefined)[] = [];
  const listening = await listen({
    address,
    key,
    onLink: (link) => {
      peers.push(link.identity);
      link.listen({ data: (chunk) => link.write(chunk), closed() {} });
    },
    onProblem() {},
  });
  closing.push(() => listening.close());
  return { listening, peers };
}

async function answerOf(connector: SocketConnector, address: FeedAddress): Promise<[string, ByteLink]> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const listener: ByteLinkListener = { data: (chunk) => resolve(chunk.toString()), closed() {} };
  const link = await connector.connect(address, listener, NEVER);
  closing.push(() => link.destroy());
  link.write(Buffer.from('hello'));
  return [await promise, link];
}

it('connects to a unix socket, also one whose path is longer than the system allows', async () => {
  const long = join(folder, 'x'.repeat(120));
  mkdirSync(long);
  for (const path of [join(folder, 'feed'), join(long, 'feed')]) {
    await echo({ path }, KEY);
    const connector = new SocketConnector({ identity: '1.1', key: consumerKey(KEY, 1, 1) });
    const [answer, { peer, identity }] = await answerOf(connector, { path });
    expect([answer, peer, identity]).toEqual(['hello', path, undefined]);
  }
});

it('connects by TCP without a key', async () => {
  const { listening } = await echo({ host: '127.0.0.1', port: 0 });
  const [answer, { identity }] = await answerOf(
    new SocketConnector({ identity: '1.1', key: undefined }),
    listening.address,
  );
  expect([answer, identity]).toEqual(['hello', undefined]);
});

it('connects by TLS with its own key, and proves who it is', async () => {
  const { listening, peers } = await echo({ host: '127.0.0.1', port: 0 }, KEY);
  const connector = new SocketConnector({ identity: '12.34', key: consumerKey(KEY, 12, 34) });
  const [answer, { identity }] = await answerOf(connector, listening.address);
  expect([answer, identity, peers]).toEqual(['hello', '12.34', ['12.34']]);
});

it('fails with a wrong key, where nobody listens, and where nobody speaks TLS', async () => {
  const { listening } = await echo({ host: '127.0.0.1', port: 0 }, KEY);
  const silent = await echo({ host: '127.0.0.1', port: 0 });
  const connector = new SocketConnector({ identity: '1.1', key: consumerKey(KEY, 1, 2) });
  const tryAt = (address: FeedAddress): Promise<ByteLink> =>
    connector.connect(address, { data() {}, closed() {} }, NEVER);
  await expect(tryAt(listening.address)).rejects.toThrow(/decrypt error/u);
  await expect(tryAt({ path: join(folder, 'nobody') })).rejects.toThrow(/ENOENT/u);
  await expect(tryAt(silent.listening.address)).rejects.toThrow(/wrong version number|packet|SSL/u);
});

it('can be given up', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const aborter = new AbortController();
  // It accepts, but never says a word of TLS.
  const connector = new SocketConnector({ identity: '1.1', key: KEY });
  const attempt = connector.connect(
    { host: '127.0.0.1', port: address.port },
    { data() {}, closed() {} },
    aborter.signal,
  );
  aborter.abort();
  await expect(attempt).rejects.toThrow('given up');
  await expect(connector.connect({ path: '/nowhere' }, { data() {}, closed() {} }, aborter.signal)).rejects.toThrow(
    'given up',
  );
});
