import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { ask, SshWorld } from '../support/ssh-world.js';

/** Something that is no sshd, until the end of the test. */
async function startServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A script that plays the relay. */
async function withScript(world: SshWorld, text: string): Promise<{ console: string }> {
  await writeFile(world.path('app/script.mjs'), text);
  return { console: 'script.mjs' };
}

it('nothing listens', async () => {
  const world = await SshWorld.create();
  const port = await closedPort();
  expect(await world.failure({ port })).toMatchObject({
    code: 'HOST_UNREACHABLE',
    host: 'alpha',
    message: `alpha: connect ECONNREFUSED 127.0.0.1:${port}: nothing listens there: is sshd running, is it the right port?`,
  });
});

it('no such name', async () => {
  const world = await SshWorld.create();
  const error = await world.failure({ host: 'no-such-host.invalid' });
  expect(error.code).toBe('HOST_UNREACHABLE');
  expect(error.message).toContain('alpha: getaddrinfo');
});

it('a listener that never says a word', async () => {
  const world = await SshWorld.create();
  const port = await startServer(() => {});
  expect(await world.failure({ port, ssh: { connectTimeout: 0.2 } })).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: 'alpha: no word of an SSH server within connect_timeout, 0.2 s',
  });
});

it('a server that says its version and then nothing', async () => {
  const world = await SshWorld.create();
  const port = await startServer((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
  const error = await world.failure({ port, ssh: { connectTimeout: 0.2 } });
  expect(error.message).toBe('alpha: no end of the handshake within connect_timeout, 0.2 s');
});

it('a server that closes at once, and one that is none', async () => {
  const world = await SshWorld.create();
  const closing = await startServer((socket) => socket.destroy());
  expect((await world.failure({ port: closing })).message).toContain('alpha: the connection');
  const dropping = await startServer((socket) => socket.end('Exceeded MaxStartups\r\n'));
  expect((await world.failure({ port: dropping })).message).toContain(
    'too many log in at once (MaxStartups of its sshd)',
  );
  const http = await startServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(await world.failure({ port: http })).toMatchObject({
    code: 'HOST_HANDSHAKE',
    message: expect.stringContaining('no SSH server answers, but something that says "HTTP/1.1 400') as string,
  });
  const garbage = await startServer((socket) => socket.write(`SSH-2.0-x\r\n${'garbage '.repeat(5000)}`));
  expect((await world.failure({ port: garbage })).code).toBe('HOST_HANDSHAKE');
});

it('no algorithm in common', async () => {
  const world = await SshWorld.create({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
  const error = await world.failure();
  expect(error.code).toBe('HOST_HANDSHAKE');
  expect(error.message).toMatch(/^alpha: the handshake failed: .*key exchange/);
});

it('silent hosts hold up nobody', async () => {
  const world = await SshWorld.create();
  const connect = world.connector();
  const ports = await Promise.all(Array.from({ length: 40 }, () => startServer(() => {})));
  const silent = ports.map((port) => connect(world.target({ port, ssh: { connectTimeout: 5 } })).connect());
  const results = Promise.allSettled(silent);
  let isAnswered = false;
  void results.then(() => (isAnswered = true));
  const link = await connect(world.target()).connect();
  expect(isAnswered).toBe(false);
  link.close();
  expect((await results).map(({ status }) => status)).toEqual(ports.map(() => 'rejected'));
});

it('a host that opens no session', async () => {
  const world = await SshWorld.create({ config: ['MaxSessions 0'] });
  expect(await world.failure()).toMatchObject({
    code: 'HOST_SESSION',
    message: expect.stringContaining('alpha: the host lets the user in, but opens no session: ') as string,
  });
});

it('a host that has another command executed', async () => {
  const world = await SshWorld.create({ config: ['ForceCommand echo Only backups here; exit 5'] });
  const error = await world.failure();
  expect(error.code).toBe('HOST_AGENT_FAILED');
  expect(error.message).toContain(
    'alpha: the relay ended with code 5 before it was ready; it said: "Only backups here"',
  );
});

it('no such directory, program, entry script', async () => {
  const world = await SshWorld.create();
  expect(await world.failure({ path: '/no such' })).toMatchObject({ code: 'HOST_PATH_MISSING' });
  expect(await world.failure({ binPath: '/no/node' })).toMatchObject({ code: 'HOST_BIN_MISSING' });
  expect(await world.failure({ console: 'no.js' })).toMatchObject({ code: 'HOST_ENTRY_MISSING' });
});

it('an entry script that fails, with the end of what it says', async () => {
  const world = await SshWorld.create();
  const script = await withScript(world, `console.error('x'.repeat(10_000)); throw new Error('Cannot find module');`);
  const error = await world.failure(script);
  expect(error.code).toBe('HOST_AGENT_FAILED');
  expect(error.message).toContain('the relay ended with code 1 before it was ready; it said: ');
  expect(error.message).toContain('Cannot find module');
  expect(error.message.length).toBeLessThan(3000);
});

it('an entry script that is killed, is silent, or talks for ever', async () => {
  const world = await SshWorld.create();
  const killed = await withScript(world, `process.kill(process.pid, 'SIGKILL');`);
  expect((await world.failure(killed)).message).toContain('the relay was killed by SIGKILL before it was ready');
  const silent = await withScript(world, `console.log('Welcome'); process.stdin.resume();`);
  const error = await world.failure({ ...silent, ssh: { connectTimeout: 2 } });
  expect(error.code).toBe('HOST_AGENT_FAILED');
  expect(error.message).toMatch(/^alpha: no word of the relay within connect_timeout, 2 s; it said: "Welcome"/);
  const endless = await withScript(
    world,
    `const more = () => process.stdout.write('y'.repeat(10_000), more); more(); process.stdout.on('error', () => process.exit());`,
  );
  expect((await world.failure(endless)).message).toContain('what answers is no relay');
});

it('what a login shell prints before the relay begins is not taken for it', async () => {
  const world = await SshWorld.create({
    config: ['ForceCommand printf "Welcome!\\nno newline"; echo noise >&2; eval "$SSH_ORIGINAL_COMMAND"'],
  });
  expect(await ask(await world.connect(), { n: 1 })).toEqual({ n: 1 });
  expect(world.log).toEqual([
    String.raw`alpha debug: Said before the relay began: "Welcome!\nno newline"`,
    'alpha warn: noise',
  ]);
});

it('a login shell that is fish', async () => {
  const world = await SshWorld.create({ prefix: await withLoginShell('/usr/bin/fish') });
  expect(await ask(await world.connect(), { n: 1 })).toEqual({ n: 1 });
});

it('a login shell that lets nobody work', async () => {
  const world = await SshWorld.create({ prefix: await withLoginShell('/usr/sbin/nologin') });
  const error = await world.failure();
  expect(error.message).toContain('it said: "This account is currently not available."');
});

it('an SSH configuration that others may write, or that is none', async () => {
  const world = await SshWorld.create();
  await world.writeConfig('Host *\n');
  await chmod(world.path('.ssh/config'), 0o666);
  const error = await world.failure();
  expect(error.code).toBe('HOST_SSH_CONFIG');
  expect(error.message).toContain(`chmod go-w ${world.path('.ssh/config')}`);
  await chmod(world.path('.ssh/config'), 0o600);
  await world.writeConfig('Host "a\n');
  expect((await world.failure()).code).toBe('HOST_SSH_CONFIG');
});

it('a thousand failures leave nothing behind', async () => {
  const world = await SshWorld.create();
  const connect = world.connector()(world.target({ port: await closedPort() })).connect;
  const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Pipe/.test(name));
  const fail = async (): Promise<void> => void (await connect().catch(() => {}));
  await fail();
  const before = resources().length;
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 50 }, fail));
  await expect.poll(() => resources().length, { timeout: 10_000 }).toBeLessThanOrEqual(before);
});

/** Has sshd run where the user's shell is another one: nobody else sees that file. */
async function withLoginShell(shell: string): Promise<string[]> {
  const { username } = userInfo();
  const passwd = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const changed = passwd.map((line) => (line.startsWith(`${username}:`) ? line.replace(/[^:]*$/, shell) : line));
  const folder = await temporaryFolder({ passwd: changed.join('\n') });
  const mount = `mount --bind ${folder}/passwd /etc/passwd && exec "$0" "$@"`;
  return ['unshare', '--mount', '/bin/sh', '-c', mount];
}
