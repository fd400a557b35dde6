import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AgentDoor } from './agent-door.js';
import { agentName, agentPlace } from './agent-place.js';
import { RELAY_MARKER, relay } from './relay.js';

const HELLO = '{"type":"hello","fleet":"shop"}\n';

let folder = '';
const doors: AgentDoor[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const door of doors.splice(0)) door.close();
  rmSync(folder, { recursive: true });
});

/** A played agent: what connects comes out one by one. */
async function playAgent() {
  const door = await AgentDoor.open(agentPlace('shop', agentName()));
  doors.push(door);
  const links: Socket[] = [];
  const came = Promise.withResolvers<Socket>();
  door.listen((link) => {
    link.on('error', () => {});
    links.push(link);
    came.resolve(link);
  });
  const close = (): void => {
    doors.splice(doors.indexOf(door), 1);
    door.close();
  };
  return { first: came.promise, links, close };
}

function startRelay(lastWordMs = 50) {
  const input = new PassThrough();
  const output = new PassThrough();
  const errors = new PassThrough();
  const end = relay({ input, output, errors, entry: 'main.js', lastWordMs });
  return { input, output, end, errors: () => String(errors.read() ?? '') };
}

/** Reads until the text has come. */
async function until(stream: PassThrough | Socket, text: string): Promise<string> {
  let read = '';
  while (!read.includes(text)) {
    read += String(stream.read() ?? '');
    if (!read.includes(text)) await once(stream, 'readable');
  }
  return read;
}

it('passes on what both sides say, the hello first, and ends with the agent', async () => {
  const agent = await playAgent();
  const { input, output, end } = startRelay();
  input.write(`${HELLO}early\n`);
  const link = await agent.first;
  expect(await until(link, '\n')).toBe(HELLO);
  link.write('welcome\n');
  expect(await until(output, 'welcome')).toBe(`${RELAY_MARKER}\nwelcome\n`);
  expect(await until(link, 'early')).toBe('early\n');
  link.end('bye\n');
  expect(await until(output, 'bye')).toBe('bye\n');
  expect(await end).toBe(0);
});

it('ends when the master does, and so does the link to the agent', async () => {
  const agent = await playAgent();
  const { input, output, end } = startRelay();
  input.write(HELLO);
  const link = await agent.first;
  link.write('welcome\n');
  await until(output, 'welcome');
  input.end('last\n');
  expect(await until(link, 'last')).toContain('last\n');
  link.resume();
  await once(link, 'close');
  output.resume();
  expect(await end).toBe(0);
});

it('does not wait for an agent that says nothing when the master is gone', async () => {
  const agent = await playAgent();
  const { input, end } = startRelay();
  input.write(HELLO);
  await agent.first;
  input.end();
  expect(await end).toBe(0);
});

it('a master that is gone before the agent has answered has said bye to it all the same', async () => {
  const agent = await playAgent();
  const { input, end } = startRelay(20_000);
  input.write(HELLO);
  const link = await agent.first;
  input.end('bye\n');
  await once(input, 'end');
  link.write('welcome\n');
  expect(await until(link, 'bye')).toBe(`${HELLO}bye\n`);
  link.end();
  expect(await end).toBe(0);
});

it('lets the master through though nobody reads what the agent says', async () => {
  const agent = await playAgent();
  const { input, output, end } = startRelay();
  input.write(HELLO);
  const link = await agent.first;
  link.write(Buffer.alloc(4_000_000, 'x'));
  await once(output, 'readable');
  input.write('echo\n');
  expect(await until(link, 'echo')).toBe(`${HELLO}echo\n`);
  // The rest waits in the agent.
  expect(link.writableLength).toBeGreaterThan(1_000_000);
  output.resume();
  link.end();
  expect(await end).toBe(0);
});

it('looks for the next agent when the one that it found ends before it has answered', async () => {
  const ending = await playAgent();
  const { input, output, end } = startRelay();
  input.write(HELLO);
  const link = await ending.first;
  ending.close();
  const next = await playAgent();
  link.destroy();
  const second = await next.first;
  expect(await until(second, '\n')).toBe(HELLO);
  second.end('welcome\n');
  await until(output, 'welcome');
  expect(await end).toBe(0);
});

it('that is turned away without a word does not try again: another one has come', async () => {
  const agent = await playAgent();
  const { input, end, errors } = startRelay();
  input.write(HELLO);
  (await agent.first).destroy();
  expect(await end).toBe(1);
  expect(errors()).toContain(`The agent (pid ${process.pid}) lives but takes no connection`);
  expect(agent.links).toHaveLength(1);
});
