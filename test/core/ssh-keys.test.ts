import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ask, SshWorld, type Changes } from '../support/ssh-world.js';
import { makeKey, type KeyType, type UserKey } from '../support/sshd.js';
import { temporaryFolder } from '../setup/temporary-folder.js';

/** No key is named. */
const noKey: Changes = { ssh: { privateKey: undefined } };

async function worldFor(type: KeyType, phrase = ''): Promise<{ world: SshWorld; key: UserKey }> {
  const key = await makeKey(await temporaryFolder(), 'id', type, phrase);
  return { world: await SshWorld.create({ authorizedKeys: [key.publicKey] }), key };
}

it.each<KeyType>(['ed25519', 'ecdsa', 'rsa'])('logs in with a key of type %s', async (type) => {
  const { world, key } = await worldFor(type);
  expect(await ask(await world.connect({ ssh: { privateKey: key.file } }), { type })).toEqual({ type });
});

it.each([
  ['PEM', ['-m', 'PEM']],
  ['PKCS8', ['-m', 'PKCS8']],
])('logs in with a key in the format %s, encrypted or not', async (_, format) => {
  const { world, key } = await worldFor('rsa');
  execFileSync('ssh-keygen', ['-q', '-p', '-N', '', ...format, '-f', key.file]);
  await world.connect({ ssh: { privateKey: key.file } });
  execFileSync('ssh-keygen', ['-q', '-p', '-N', 'sesame', ...format, '-f', key.file]);
  const ssh = { privateKey: key.file, passphraseEnv: 'PHRASE' };
  await world.connect({ ssh }, { environment: { PHRASE: 'sesame' } });
  const error = await world.failure({ ssh }, { environment: { PHRASE: 'wrong' } });
  expect(error.message).toBe(`alpha: the private key ${key.file} cannot be used: the passphrase is wrong`);
});

it('logs in with an encrypted key whose passphrase is in the environment; else says what is wrong', async () => {
  const { world, key } = await worldFor('ed25519', 'sesame');
  const ssh = { privateKey: key.file, passphraseEnv: 'PHRASE' };
  expect(await ask(await world.connect({ ssh }, { environment: { PHRASE: 'sesame' } }), { n: 1 })).toEqual({ n: 1 });
  const wrong = await world.failure({ ssh }, { environment: { PHRASE: 'wrong' } });
  expect(wrong).toMatchObject({
    code: 'HOST_PRIVATE_KEY',
    message: `alpha: the private key ${key.file} cannot be used: the passphrase is wrong`,
  });
  const missing = await world.failure({ ssh });
  expect(missing.message).toBe(
    `alpha: the private key ${key.file} needs the environment variable PHRASE (passphrase_env), which is not set`,
  );
  const unnamed = await world.failure({ ssh: { privateKey: key.file } });
  expect(unnamed.message).toContain('it is encrypted: name the environment variable');
});

it('says which private key cannot be used, and why', async () => {
  const world = await SshWorld.create();
  const file = world.path('key');
  const failure = async (): Promise<string> => (await world.failure({ ssh: { privateKey: file } })).message;
  expect(await failure()).toBe(`alpha: the private key ${file} cannot be used: there is no such file`);
  await copyFile(world.key.file, file);
  await chmod(file, 0o644);
  expect(await failure()).toContain('others may read it (mode 644): chmod 600');
  await chmod(file, 0o600);
  await writeFile(file, 'nothing');
  expect(await failure()).toContain('it is no private key');
  expect((await world.failure({ ssh: { privateKey: `${world.key.file}.pub` } })).message).toContain(
    'it is a public key',
  );
});

it('a key that is not let in: the error has the user, the key and what the host takes', async () => {
  const world = await SshWorld.create({ authorizedKeys: [] });
  const error = await world.failure({ ssh: { username: 'root' } });
  expect(error).toMatchObject({ code: 'HOST_AUTHENTICATION', host: 'alpha' });
  expect(error.message).toContain(`Authentication failed using root and ${world.key.file}: `);
  expect(error.message).toContain('the host takes publickey');
});

it('without any key it says so, with those that it could not use', async () => {
  const world = await SshWorld.create();
  await makeKey(world.path('.ssh'), 'id_ed25519', 'ed25519', 'sesame');
  const error = await world.failure({ ...noKey, ssh: { username: 'root', privateKey: undefined } });
  expect(error.message).toContain('Authentication failed using root and no key: ');
  expect(error.message).toContain(`${world.path('.ssh/id_ed25519')} is not tried: it is encrypted`);
});

it('tries the default files in turn', async () => {
  const { world, key } = await worldFor('rsa');
  await makeKey(world.path('.ssh'), 'id_ed25519');
  await copyFile(key.file, world.path('.ssh/id_rsa'));
  await chmod(world.path('.ssh/id_rsa'), 0o600);
  expect(await ask(await world.connect(noKey), { n: 1 })).toEqual({ n: 1 });
});

it('tries all keys of the SSH agent', async () => {
  const { world, key } = await worldFor('ed25519');
  const other = await makeKey(world.home, 'other');
  const socket = await startAgent([other, key]);
  const environment = { SSH_AUTH_SOCK: socket };
  expect(await ask(await world.connect(noKey, { environment }), { n: 1 })).toEqual({ n: 1 });
  await world.writeConfig(`Host *\n IdentitiesOnly yes\n IdentityFile ${key.file}.gone\n`);
  expect((await world.failure(noKey, { environment })).message).toContain('the SSH agent has no key for this');
  await copyFile(`${key.file}.pub`, `${key.file}.gone.pub`);
  await world.connect(noKey, { environment });
});

it('goes on without an SSH agent that is not there', async () => {
  const { world, key } = await worldFor('ed25519');
  await world.writeConfig(`IdentityFile ${key.file}\n`);
  const link = await world.connect(noKey, { environment: { SSH_AUTH_SOCK: world.path('none') } });
  expect(await ask(link, { n: 1 })).toEqual({ n: 1 });
});

it('a host that ends after too many keys is an authentication that failed', async () => {
  const world = await SshWorld.create({ config: ['MaxAuthTries 1'], authorizedKeys: [] });
  const other = await makeKey(world.home, 'other');
  await world.writeConfig(`IdentityFile ${world.key.file}\nIdentityFile ${other.file}\n`);
  const error = await world.failure(noKey);
  expect(error.code).toBe('HOST_AUTHENTICATION');
  expect(error.message).toContain('Too many authentication failures');
});

/** An SSH agent with these keys until the end of the test. */
async function startAgent(keys: readonly UserKey[]): Promise<string> {
  const socket = join(await temporaryFolder(), 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(agent, 'exit');
  onTestFinished(async () => {
    agent.kill();
    await exited;
  });
  await once(agent.stdout, 'data');
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  execFileSync('ssh-add', ['-q', ...keys.map(({ file }) => file)], { env });
  return socket;
}
