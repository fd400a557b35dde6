import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ControlClient, controlSocket, type GroupOptions } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { WITHOUT_CACHE, fixture, slave } from '../support/fleet.js';
import { eventually, residentMb } from '../support/processes.js';

/** A master whose log goes nowhere, so that only it is measured. */
async function open(groups: readonly GroupOptions[]) {
  // A longer one would make a path that only our own clients can reach.
  const name = randomUUID().slice(0, 8);
  const plan = JSON.stringify({ groups, options: { name } });
  const args = ['-c', 'exec node "$0" "$1" > /dev/null', fixture('fleet-master.mjs'), plan];
  const master = new RunningProgram('sh', args, { cwd: repository, env: WITHOUT_CACHE });
  const user = `distributed-architecture-${process.getuid!()}`;
  const path = controlSocket(join(process.env.XDG_RUNTIME_DIR!, user, name, 'run-1'));
  await eventually('the socket is there', () => existsSync(path));
  const client = new ControlClient(path, { timeout: 30 });
  await eventually('it listens', () => existsSync(path));
  return { master, path, client, descriptors: () => readdirSync(`/proc/${master.pid}/fd`).length };
}

async function stop(master: RunningProgram): Promise<void> {
  master.send('SIGTERM', 'alone');
  expect(await master.end).toMatchObject({ code: 0, output: '' });
}

/** Says bytes as they are, and is gone without waiting for what comes. */
async function leave(path: string, bytes: Buffer | string): Promise<void> {
  const socket = connect(path);
  socket.on('error', () => {});
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.destroy();
}

/** Asks the master until it answers: what was done to it may turn others away for a while. */
async function answers(client: ControlClient): Promise<void> {
  for (const deadline = performance.now() + 30_000; ;) {
    const status = await client.status().catch((error: unknown) => error);
    if (!(status instanceof Error)) return;
    if (performance.now() > deadline) throw status;
    await delay(50);
  }
}

it('clients that die in the middle of anything, garbage, and what is too large harm nobody and leave nothing', async () => {
  const { master, path, client, descriptors } = await open([slave('sleeps.mjs')]);
  await answers(client);
  const before = descriptors();
  const status = 'GET /status HTTP/1.1\r\nhost: x\r\n\r\n';
  const pieces = [
    '',
    'GET /st',
    status,
    status.repeat(100),
    'GET /events HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /logs?follow=1 HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST /reload HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}',
    'POST /stop HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{',
    'POST /stop HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'POST /suspend HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n' + '['.repeat(100),
    `GET /${'x'.repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    'CONNECT /status HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /status HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    'GET /status HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ];
  for (let round = 0; round < 10; round++) {
    await Promise.all(pieces.map((bytes) => leave(path, bytes)));
    await Promise.all(Array.from({ length: 10 }, () => leave(path, randomBytes(5000))));
  }
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  const sent = request({ socketPath: path, method: 'POST', path: '/reload', agent: false }).end(`{"group":${deep}}`);
  const [response] = await once(sent, 'response');
  expect([response.statusCode, await text(response)]).toEqual([400, expect.stringContaining('has to be a text')]);
  await answers(client);
  await eventually('all connections are gone', () => descriptors() <= before + 1);
  // A reload that nobody waits for any more went on.
  expect(await client.isReady()).toMatchObject({ status: 'ok' });
  await stop(master);
});

it('more connections than there may be, none of which says anything: they are let go, and others are heard', async () => {
  const { master, path, client } = await open([slave('sleeps.mjs')]);
  await answers(client);
  const silent = Array.from({ length: 300 }, () => connect(path));
  const ends = silent.map(
    (socket) => new Promise((resolve) => socket.on('error', resolve).resume().once('close', resolve)),
  );
  await answers(client);
  await Promise.all(ends);
  expect(await client.isReady()).toMatchObject({ status: 'ok' });
  await stop(master);
});

it('100 followers of a flood, one of which never reads: the others hear it, and the memory stays as it is', async () => {
  const flooding = slave('counts.mjs', { name: 'Flood', params: { lines: 1e9 } });
  const { master, path, client } = await open([flooding, slave('sleeps.mjs')]);
  await answers(client);
  const dead = connect(path).pause();
  dead.write('GET /logs?follow=1 HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(dead, 'readable');
  const followers = await Promise.all(Array.from({ length: 98 }, () => follow(path, '/events')));
  const reader = await follow(path, '/logs?follow=1&group=Flood');
  await heard(reader, 20e6);
  const before = residentMb(master.pid);
  await heard(reader, 100e6);
  expect(residentMb(master.pid)).toBeLessThan(before + 40);
  const waiting = followers.map((socket) => once(socket, 'data'));
  await client.restart('Group');
  await Promise.all(waiting);
  for (const socket of [...followers, reader, dead]) socket.destroy();
  await stop(master);
});

async function follow(path: string, route: string): Promise<Socket> {
  const socket = connect(path);
  socket.write(`GET ${route} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

/** Reads so many bytes more. */
async function heard(socket: Socket, bytes: number): Promise<void> {
  const end = socket.bytesRead + bytes;
  while (socket.bytesRead < end) await once(socket, 'data');
}
