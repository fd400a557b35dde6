import { execFileSync } from 'node:child_process';
import { rm, stat, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ask, SshWorld } from '../support/ssh-world.js';
import { makeKey } from '../support/sshd.js';

/** Type and base64 of a key that is nobody's. */
async function otherKey(world: SshWorld, type: 'ed25519' | 'rsa' = 'ed25519'): Promise<string> {
  const { publicKey } = await makeKey(world.home, `other_${type}`, type);
  return publicKey.split(' ').slice(0, 2).join(' ');
}

it('an unknown host is refused; the error has its fingerprint and the line that lets it in', async () => {
  const world = await SshWorld.create();
  await world.writeKnownHosts('# nothing\n');
  const error = await world.failure();
  const fingerprint = execFileSync('ssh-keygen', ['-lf', world.path('sshd/host_ed25519.pub')], { encoding: 'utf8' });
  expect(error).toMatchObject({ code: 'HOST_KEY_UNKNOWN', host: expect.stringContaining('alpha') as string });
  expect(error.message).toContain(fingerprint.split(' ')[1]);
  const [, file, line] = /add this line to (\S+): (.*)$/.exec(error.message) ?? [];
  expect(file).toBe(world.path('.ssh/known_hosts'));
  await world.writeKnownHosts(`${line}\n`);
  expect(await ask(await world.connect(), { n: 1 })).toEqual({ n: 1 });
});

it('a changed key is refused, also where new ones are accepted; the error names the line', async () => {
  const world = await SshWorld.create();
  const name = `[${world.sshd.address}]:${world.sshd.port}`;
  await world.writeKnownHosts(`# first\n${name} ${await otherKey(world)}\n`);
  for (const hostKeyChecking of ['strict', 'accept-new'] as const) {
    const error = await world.failure({ ssh: { hostKeyChecking } });
    expect(error.code).toBe('HOST_KEY_CHANGED');
    expect(error.message).toContain(`${world.path('.ssh/known_hosts')}:2 says SHA256:`);
  }
});

it('a key of another type than the known one is no new host', async () => {
  const world = await SshWorld.create();
  await world.writeKnownHosts(`[${world.sshd.address}]:${world.sshd.port} ${await otherKey(world, 'rsa')}\n`);
  const error = await world.failure({ ssh: { hostKeyChecking: 'accept-new' } });
  expect(error.code).toBe('HOST_KEY_CHANGED');
});

it('a revoked key is refused, even unchecked', async () => {
  const world = await SshWorld.create();
  await world.writeKnownHosts(`${world.sshd.hostKeyLines()}@revoked * ${world.sshd.hostKeys.ed25519}\n`);
  expect((await world.failure()).code).toBe('HOST_KEY_REVOKED');
  expect((await world.failure({ ssh: { hostKeyChecking: 'off' } })).code).toBe('HOST_KEY_REVOKED');
});

it('hashed names are known', async () => {
  const world = await SshWorld.create();
  execFileSync('ssh-keygen', ['-q', '-H', '-f', world.path('.ssh/known_hosts')], { stdio: 'ignore' });
  expect(await world.knownHosts()).toMatch(/^\|1\|/);
  expect(await ask(await world.connect(), { n: 1 })).toEqual({ n: 1 });
});

it('a host that is known by one of its keys alone is asked for that one', async () => {
  const world = await SshWorld.create({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
  const name = `[${world.sshd.address}]:${world.sshd.port}`;
  for (const type of ['rsa', 'ecdsa'] as const) {
    await world.writeKnownHosts(`${name} ${world.sshd.hostKeys[type]}\n`);
    expect(await ask(await world.connect(), { type })).toEqual({ type });
  }
});

it('a name without a port is good for any port; the file for all users counts as well', async () => {
  const world = await SshWorld.create();
  const globalKnownHosts = world.path('global');
  await rm(world.path('.ssh/known_hosts'));
  await writeFile(globalKnownHosts, `127.0.0.* ${world.sshd.hostKeys.ed25519}\n`);
  expect(await ask(await world.connect({}, { globalKnownHosts }), { n: 1 })).toEqual({ n: 1 });
});

it('a new host is added to a file that was not there, once, and to nobody else readable', async () => {
  const world = await SshWorld.create();
  const knownHosts = world.path('new/known_hosts');
  const ssh = { hostKeyChecking: 'accept-new', knownHosts } as const;
  await Promise.all(Array.from({ length: 5 }, () => world.connect({ ssh })));
  const line = world.sshd.hostKeyLines().trim();
  expect(world.log).toEqual([`alpha log: Added to ${knownHosts}: ${line}`]);
  expect((await stat(knownHosts)).mode & 0o777).toBe(0o600);
  expect((await stat(world.path('new'))).mode & 0o777).toBe(0o700);
  expect(await ask(await world.connect({ ssh: { knownHosts } }), { n: 1 })).toEqual({ n: 1 });
});

it('what cannot be added is not accepted', async () => {
  const world = await SshWorld.create();
  const error = await world.failure({ ssh: { hostKeyChecking: 'accept-new', knownHosts: '/proc/none/known_hosts' } });
  expect(error.code).toBe('HOST_KNOWN_HOSTS');
});

it('without checking all is accepted, and said once', async () => {
  const world = await SshWorld.create();
  await world.writeKnownHosts('');
  const connect = world.connector();
  const target = world.target({ ssh: { hostKeyChecking: 'off' } });
  for (let n = 0; n < 2; n++) (await connect(target).connect()).close();
  expect(world.log).toHaveLength(1);
  expect(world.log[0]).toContain('alpha warn: Host keys are not checked: alpha');
});
