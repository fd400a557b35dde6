import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HostError } from '@distributed-architecture/core/ssh';
import { startServer, Wire, type Trouble } from '../support/hostile-server.js';
import { eventually } from '../support/processes.js';
import { ask, SshWorld } from '../support/ssh-world.js';

/** A world whose host is known by whatever port it is reached. */
async function worldOfAnyPort(): Promise<SshWorld> {
  const world = await SshWorld.create();
  await world.writeKnownHosts(`* ${world.sshd.hostKeys.ed25519}\n`);
  return world;
}

/** Connects and asks something. */
async function use(world: SshWorld, port: number, connectTimeout: number): Promise<unknown> {
  const ssh = { privateKey: world.key.file, connectTimeout };
  const link = await world.connector()(world.target({ port, ssh })).connect();
  return ask(link, { n: 1 }).finally(() => link.close());
}

/** Why that does not work; `none` when it does. */
async function codeOf(use: Promise<unknown>): Promise<string> {
  return use.then(
    () => 'none',
    (error: unknown) => (error instanceof HostError ? error.code : (error as Error).message),
  );
}

/** What is said by the host to the first that connects, in how many bytes. */
async function stepsTo(world: SshWorld): Promise<number[]> {
  const wire = await Wire.to(world.sshd.port);
  expect(await use(world, wire.port, 60)).toEqual({ n: 1 });
  return wire.steps;
}

describe('a connection that breaks', () => {
  it.each<Trouble>(['end', 'reset'])('by %s, at any step of connecting, is an error that says where', async (type) => {
    const world = await worldOfAnyPort();
    const steps = await stepsTo(world);
    const codes: string[] = [];
    for (const after of [0, 1, ...steps.slice(0, -1)]) {
      const wire = await Wire.to(world.sshd.port, { type, after });
      codes.push(await codeOf(use(world, wire.port, 60)));
    }
    const known = [
      'HOST_UNREACHABLE',
      'HOST_HANDSHAKE',
      'HOST_SESSION',
      'alpha: the connection broke before the agent had answered',
    ];
    // Nothing else: above all, a key that was not refused is not to blame.
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
    expect(codes.slice(0, 5)).not.toContain('HOST_SESSION');
  });

  it('by silence, at any step of connecting, is an error within connect_timeout', async () => {
    const world = await worldOfAnyPort();
    const steps = await stepsTo(world);
    // The last two are the word of the relay, and the answer.
    const codes = [0, 1, ...steps.slice(0, -2)].map(async (after) => {
      const wire = await Wire.to(world.sshd.port, { type: 'silence', after });
      return codeOf(use(world, wire.port, 3));
    });
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['HOST_UNREACHABLE', 'HOST_AGENT_FAILED']));
  });
});

it('behind a jump host where nobody answers there is an error within connect_timeout', async () => {
  const world = await worldOfAnyPort();
  const { port, sockets } = await startServer(() => {});
  await world.writeConfig(`Host alpha\n HostName 127.0.0.1\n ProxyJump 127.0.0.1:${world.sshd.port}\n`);
  const ssh = { privateKey: world.key.file, connectTimeout: 3 };
  const error = await world.failure({ host: 'alpha', port, ssh });
  expect(error.message).toBe('alpha: no word of an SSH server within connect_timeout, 3 s');
  await eventually('the connection is closed', () => sockets.size === 0);
});

describe('what is no SSH server', () => {
  const version = Buffer.from('SSH-2.0-x\r\n');
  const garbage = Buffer.from(Array.from({ length: 65_536 }, (_, n) => (n * 7919) % 251));
  const flood = (text: string) => (socket: Socket) => {
    const more = (): void => {
      while (socket.writable && socket.write(text));
    };
    socket.on('drain', more);
    more();
  };
  it.each<[string, string, (socket: Socket) => void]>([
    ['says garbage', 'HOST_HANDSHAKE', (socket) => socket.write(garbage)],
    ['says garbage after its version', 'HOST_HANDSHAKE', (socket) => socket.write(Buffer.concat([version, garbage]))],
    ['has a version without end', 'HOST_HANDSHAKE', flood(`SSH-2.0-${'x'.repeat(100_000)}`)],
    ['greets without end', 'HOST_HANDSHAKE', flood('hello\r\n'.repeat(10_000))],
    [
      'has an enormous packet',
      'HOST_HANDSHAKE',
      (socket) => socket.write(Buffer.concat([version, Buffer.from([255, 255, 255, 255, 4, 20])])),
    ],
    ['ends after its version', 'HOST_UNREACHABLE', (socket) => socket.end(version)],
    ['says nothing', 'HOST_UNREACHABLE', () => {}],
  ])('and %s is an error (%s), at once or within connect_timeout', async (_, code, serve) => {
    const world = await SshWorld.create();
    const server = await startServer(serve);
    expect(await codeOf(use(world, server.port, 2))).toBe(code);
    await eventually('the connection is closed', () => server.sockets.size === 0);
  });

  it('is let go at once when nobody waits for it any more', async () => {
    const world = await SshWorld.create();
    const server = await startServer(() => {});
    const stop = new AbortController();
    const connecting = world
      .connector()(world.target({ port: server.port }))
      .connect(stop.signal);
    await eventually('there is a connection', () => server.sockets.size === 1);
    stop.abort();
    await expect(connecting).rejects.toThrow('Nobody waits for the connection any more');
    await eventually('the connection is closed', () => server.sockets.size === 0);
  });
});
