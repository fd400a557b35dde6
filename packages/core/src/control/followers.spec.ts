import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { ControlWorld } from './control-world.spec.helper.js';
import { controlSocket } from './socket-address.js';

/** More than the buffers of a socket have room for, and more than waits for a reader. */
const EVENTS = 4000;
const LARGE = 'x'.repeat(1000);

async function open(beatMs: number) {
  const world = new ControlWorld();
  const control = await world.open({ beatMs });
  return { world, control };
}

/** Asks for events, and does not read them. */
async function follower(world: ControlWorld, query = ''): Promise<Socket> {
  const socket = connect(controlSocket(world.folder)).pause();
  socket.write(`GET /events${query} HTTP/1.1\r\nhost: x\r\n\r\n`);
  // It is heard when the first byte is there.
  await once(socket, 'readable');
  return socket;
}

function tellMuch(world: ControlWorld): void {
  for (let index = 0; index < EVENTS; index++) world.feed.command({ command: LARGE, outcome: 'ok' });
}

it('one that does not read misses events, is told how many when it reads, and goes on', async () => {
  const { world, control } = await open(60_000);
  const socket = await follower(world);
  tellMuch(world);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    if (socket.bytesRead > 0 && !heard.includes('event: dropped'))
      world.feed.command({ command: 'go on', outcome: 'ok' });
    else void control.close();
  });
  await once(socket, 'end');
  const missed = Number(/event: dropped\ndata: \{"count":(\d+)\}/.exec(heard)![1]);
  const got = heard.split('event: command').length - 1;
  const sent = heard.split('"go on"').length - 1;
  expect(missed).toBeGreaterThan(1000);
  expect(got - sent + missed).toBeGreaterThanOrEqual(EVENTS);
  expect(got - sent).toBeLessThan(EVENTS - 1000);
});

it('one that never reads is let go, the others are not', async () => {
  const { world } = await open(20);
  const other = (await follower(world)).resume();
  const socket = await follower(world, '?types=command,process_running');
  tellMuch(world);
  // While anybody follows them there is a listener.
  while (world.bus.has('process_running')) await new Promise((resolve) => setImmediate(resolve));
  world.feed.command({ command: 'afterwards', outcome: 'ok' });
  let heard = '';
  other.setEncoding('utf8').on('data', (text: string) => (heard += text));
  while (!heard.includes('afterwards')) await once(other, 'data');
  expect(heard).not.toContain('event: dropped');
  for (const each of [socket, other]) each.destroy();
});

it('each gets a sign of life from time to time', async () => {
  const { world } = await open(10);
  const socket = await follower(world);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  while (heard.split(':\n\n').length < 5) await once(socket, 'data');
  expect(heard).not.toContain('data:');
  socket.destroy();
});
