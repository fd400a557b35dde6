import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { childrenOf, eventually } from '../support/processes.js';
import { ask, SshWorld } from '../support/ssh-world.js';

it('connects, starts the relay, and carries messages', async () => {
  const world = await SshWorld.create();
  const link = await world.connect();
  expect(await ask(link, { type: 'hello', text: 'ü\n' })).toEqual({ type: 'hello', text: 'ü\n' });
  expect(world.log).toEqual([]);
});

it('has the transport, and the lease of the target', async () => {
  const world = await SshWorld.create();
  const connector = world.connector();
  expect(connector(world.target())).toMatchObject({ transport: 'SSH', lease: 30 });
  expect(connector(world.target({ ssh: { lease: 7 } })).lease).toBe(7);
});

it('carries more than any buffer holds, both ways', async () => {
  const world = await SshWorld.create();
  const link = await world.connect();
  const text = 'x'.repeat(100_000);
  const numbers: unknown[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = 0;
  const send = (): void => {
    while (sent < 200 && link.send({ n: sent++, text }));
  };
  link.listen({
    message: (message) => {
      numbers.push((message as { n: number }).n);
      if (numbers.length === 200) resolve();
    },
    drained: send,
    closed: (reason) => reject(new Error(reason)),
  });
  send();
  await promise;
  expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => n));
});

it('a closed link closes the connection, after what was sent', async () => {
  const world = await SshWorld.create();
  const file = world.path('app/heard');
  await writeFile(
    world.path('app/keeps.mjs'),
    `process.stdout.write('distributed-architecture-relay 1\\n');
     process.stdin.pipe((await import('node:fs')).createWriteStream(${JSON.stringify(file)}));`,
  );
  const link = await world.connect({ console: 'keeps.mjs' });
  link.listen({ message: () => {}, drained: () => {}, closed: () => {} });
  link.send({ type: 'bye' });
  link.close();
  await eventually('sshd hears the end', () => /Disconnected from user|Connection closed by/.test(world.sshd.log()));
  expect(await readFile(file, 'utf8')).toBe('{"type":"bye"}\n');
});

it('tells at once that the session was killed', async () => {
  const world = await SshWorld.create();
  const link = await world.connect();
  const { promise, resolve } = Promise.withResolvers<string>();
  link.listen({ message: () => {}, drained: () => {}, closed: resolve });
  const [session] = childrenOf(world.sshd.process.pid!);
  process.kill(session!, 'SIGKILL');
  expect(await promise).toMatch(/ended|closed|broke/);
});

it('what a relay says on stderr is logged, once it has begun', async () => {
  const world = await SshWorld.create();
  await writeFile(
    world.path('app/warns.mjs'),
    `process.stdout.write('distributed-architecture-relay 1\\n');
     process.stderr.write('a warning\\n');
     process.stdin.once('data', () => { for (let n = 0; n < 100; n++) process.stderr.write('line ' + n + '\\n'); }).pipe(process.stdout);`,
  );
  const link = await world.connect({ console: 'warns.mjs' });
  await ask(link, {});
  await eventually('it is logged', () => world.log.length >= 20);
  expect(world.log[0]).toBe('alpha warn: a warning');
  expect(world.log.slice(1)).toEqual(Array.from({ length: 19 }, (_, n) => `alpha warn: line ${n}`));
});

it('a relay that ends after it has begun tells why', async () => {
  const world = await SshWorld.create();
  await writeFile(
    world.path('app/ends.mjs'),
    `process.stdout.write('distributed-architecture-relay 1\\n');
     console.error('The disk is full'); process.exitCode = 3;`,
  );
  const link = await world.connect({ console: 'ends.mjs' });
  const { promise, resolve } = Promise.withResolvers<string>();
  link.listen({ message: () => {}, drained: () => {}, closed: resolve });
  expect(await promise).toMatch(/^alpha: the relay ended with code 3 before it was ready; it said: The disk is full;/);
});

it('twenty connect at once, and none is dropped by a usual sshd', async () => {
  const world = await SshWorld.create({ config: ['MaxStartups 10:30:100'] });
  const connect = world.connector();
  const links = await Promise.all(Array.from({ length: 20 }, () => connect(world.target()).connect()));
  for (const link of links) link.close();
  expect(links).toHaveLength(20);
});

it('reaches a host by an alias of the SSH configuration, whose files and user it takes', async () => {
  const world = await SshWorld.create();
  await world.writeConfig(`
    Include extra
    Host *
      IdentityFile ~/none
  `);
  await writeFile(
    world.path('.ssh/extra'),
    `Host beta\n HostName ${world.sshd.address}\n Port ${world.sshd.port}\n IdentityFile ~/id_%n\n IdentityFile "%d/id_test"\n`,
  );
  const { port: _, ...target } = world.target({ host: 'beta', name: 'beta' });
  const { privateKey: __, ...ssh } = target.ssh;
  const link = await world
    .connector()({ ...target, ssh })
    .connect();
  expect(await ask(link, { n: 1 })).toEqual({ n: 1 });
  link.close();
});

it('connects over IPv6', async () => {
  const world = await SshWorld.create({ address: '::1' });
  const link = await world.connect();
  expect(await ask(link, { n: 1 })).toEqual({ n: 1 });
});
