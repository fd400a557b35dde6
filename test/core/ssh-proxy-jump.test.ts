import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childrenOf, eventually } from '../support/processes.js';
import { ask, SshWorld, startTestSshd } from '../support/ssh-world.js';
import { makeKey, type Sshd } from '../support/sshd.js';

/** A second machine, whose key the user has in another file. */
async function addJumpHost(world: SshWorld): Promise<{ jump: Sshd; keyFile: string }> {
  const key = await makeKey(world.home, 'id_jump');
  const folder = join(world.home, 'jump-sshd');
  const jump = await startTestSshd({ folder, authorizedKeys: [key.publicKey], address: '127.0.0.2' });
  return { jump, keyFile: key.file };
}

function configFor(jump: Sshd, keyFile: string, more = ''): string {
  return `
    Host alpha
      HostName 127.0.0.1
      ProxyJump bastion
    Host bastion
      HostName ${jump.address}
      Port ${jump.port}
      IdentityFile ${keyFile}
      ${more}
  `;
}

it('goes through a jump host; each is logged in to by its own entry', async () => {
  const world = await SshWorld.create();
  const { jump, keyFile } = await addJumpHost(world);
  await world.writeConfig(configFor(jump, keyFile));
  await world.writeKnownHosts(world.sshd.hostKeyLines() + jump.hostKeyLines());
  const link = await world.connect({ host: 'alpha' });
  expect(await ask(link, { n: 1 })).toEqual({ n: 1 });
  expect(jump.log()).toContain('Accepted publickey');
});

it('goes through several, the last of which only the one before can reach', async () => {
  const world = await SshWorld.create();
  const { jump, keyFile } = await addJumpHost(world);
  await world.writeConfig(
    `${configFor(jump, keyFile)}\nHost alpha-far\n HostName 127.0.0.1\n ProxyJump bastion,root@[${jump.address}]:${jump.port}\n` +
      `Host ${jump.address}\n IdentityFile ${keyFile}\n`,
  );
  await world.writeKnownHosts(world.sshd.hostKeyLines() + jump.hostKeyLines());
  const link = await world.connect({ host: 'alpha-far' });
  expect(await ask(link, { n: 1 })).toEqual({ n: 1 });
  expect(jump.log().match(/Accepted publickey/g)).toHaveLength(2);
});

it('verifies each host on the way, and names the one that is not known', async () => {
  const world = await SshWorld.create();
  const { jump, keyFile } = await addJumpHost(world);
  await world.writeConfig(configFor(jump, keyFile));
  expect(await world.failure({ host: 'alpha' })).toMatchObject({
    code: 'HOST_KEY_UNKNOWN',
    host: expect.stringContaining('bastion') as string,
  });
  await world.writeKnownHosts(jump.hostKeyLines());
  expect(await world.failure({ host: 'alpha' })).toMatchObject({
    code: 'HOST_KEY_UNKNOWN',
    host: expect.stringContaining('alpha') as string,
  });
});

it('tells a jump host that lets nobody in, or nobody through', async () => {
  const world = await SshWorld.create();
  const { jump, keyFile } = await addJumpHost(world);
  await world.writeKnownHosts(world.sshd.hostKeyLines() + jump.hostKeyLines());
  await world.writeConfig(configFor(jump, keyFile, 'User nobody'));
  const refused = await world.failure({ host: 'alpha' });
  expect(refused).toMatchObject({ code: 'HOST_AUTHENTICATION', host: 'bastion' });
  expect(refused.message).toContain(`Authentication failed using nobody and ${keyFile}`);
  await world.writeConfig(configFor(jump, keyFile));
  const closed = await world.failure({ host: 'alpha', port: 1 });
  expect(closed.code).toBe('HOST_UNREACHABLE');
  expect(closed.message).toContain('alpha: bastion (ProxyJump) cannot reach 127.0.0.1:1: ');
});

it('a link that is closed closes all connections on the way', async () => {
  const world = await SshWorld.create();
  const { jump, keyFile } = await addJumpHost(world);
  await world.writeConfig(configFor(jump, keyFile));
  await world.writeKnownHosts(world.sshd.hostKeyLines() + jump.hostKeyLines());
  const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = sockets();
  const link = await world.connect({ host: 'alpha' });
  expect(sockets()).toBe(before + 1);
  link.close();
  await expect.poll(sockets, { timeout: 20_000 }).toBe(before);
  await eventually('the jump host has no session', () => childrenOf(jump.process.pid!).length === 0);
});

it('refuses what it cannot do', async () => {
  const world = await SshWorld.create();
  await world.writeConfig('Host *\n ProxyCommand nc %h %p\n');
  expect(await world.failure()).toMatchObject({
    code: 'HOST_SSH_CONFIG',
    message: 'alpha: ProxyCommand in the SSH configuration is not supported: use ProxyJump',
  });
});
