import { randomUUID } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { eventually, isAlive, procFile } from '../support/processes.js';
import { endOf, helloOf, messagesOf, Relays, type RelayOptions, type RelayProcess } from '../support/relays.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { tinyDisk } from '../support/tiny-disk.js';

const ENTRY = fixture('sleeps.mjs');

function start(groups: ConstructorParameters<typeof Fleet>[0], options: RelayOptions = {}) {
  const relays = new Relays(ENTRY, options);
  const agents = new Map([['localhost', relays]]);
  return { relays, fleet: new Fleet(groups, { name: `relay-${randomUUID()}`, agents }) };
}

function numberIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}

/** The first message that the agent sends to this hello. */
async function greet(relay: RelayProcess, hello: string): Promise<Record<string, unknown> | undefined> {
  relay.stdin.write(hello);
  const first = await messagesOf(relay).next();
  return first.value ?? undefined;
}

function sessionOf(pid: number): number {
  const stat = procFile(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}

function environmentOf(pid: number): string[] {
  return procFile(pid, 'environ').split('\0');
}

/** Kind and rights of what the agents of a run directory have made, by path. */
function rightsIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(paths.map((path) => [path, (statSync(join(folder, path)).mode & 0o777).toString(8)]));
}

describe('an agent behind a relay', () => {
  it('is started for the first master, and ends with the fleet', async () => {
    const { relays, fleet } = start([slave('sleeps.mjs', { local: { instancesCount: 2 } })]);
    const pid = numberIn(await fleet.says('sleeping', 2));
    const [agent] = relays.agents;
    expect(relays.agents).toHaveLength(1);
    // In a session of its own: the end of that of SSH is not its end.
    expect(sessionOf(agent!)).toBe(agent);
    expect(environmentOf(pid)).toContain('DISTRIBUTED_ARCHITECTURE_ROLE=slave');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(await endOf(relays.current)).toBe(0);
    await eventually('all has ended', () => relays.processes.length === 0);
    expect(relays.errors).toBe('');
  });

  it('goes on when the relay is killed: the next one finds it, with the same slave and every line', async () => {
    const { relays, fleet } = start([
      slave('sleeps.mjs'),
      { ...slave('counts.mjs', { params: { lines: 100_000, padding: 10 } }), name: 'Counting' },
    ]);
    await fleet.says('sleeping');
    const before = relays.agents;
    await fleet.until('it counts', () => fleet.log.length > 1000);
    relays.current.kill('SIGKILL');
    await fleet.tells('process_stopped 2.1 ended');
    expect(relays.started.length).toBe(2);
    expect(relays.agents).toEqual(before);
    const numbers = fleet.texts.filter((text) => text.endsWith(' xxxxxxxxxx')).map((text) => Number.parseInt(text, 10));
    expect(numbers.length).toBe(100_000);
    expect(numbers.every((number, index) => number === index)).toBe(true);
    await fleet.launcher.stop();
    expect(fleet.texts.filter((text) => text.startsWith('sleeping'))).toHaveLength(1);
    expect(fleet.events).toContain('process_stopped 1.1 stopped');
  });

  it('that is killed is followed by another, which first ends what it has left', async () => {
    const stubborn = program(`sh -c 'trap "" TERM; echo up $$; while :; do sleep 1000; done'`, { stopTimeout: 1 });
    const { relays, fleet } = start([stubborn]);
    const pid = numberIn(await fleet.says('up'));
    const [first] = relays.agents;
    process.kill(first!, 'SIGKILL');
    await fleet.says('up', 2);
    expect(isAlive(pid)).toBe(false);
    expect(relays.agents).toHaveLength(1);
    expect(relays.agents).not.toEqual([first]);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('leaves cleanly on SIGTERM, and takes no notice of SIGHUP', async () => {
    const { relays, fleet } = start([slave('sleeps.mjs')]);
    await fleet.says('sleeping');
    const [first] = relays.agents;
    process.kill(first!, 'SIGHUP');
    process.kill(first!, 'SIGTERM');
    await fleet.says('woke');
    await fleet.says('sleeping', 2);
    expect(relays.agents).not.toContain(first);
    await fleet.launcher.stop();
  });

  it('that has a defect says so, and is followed by another', async () => {
    const NODE_OPTIONS = `--import ${pathToFileURL(fixture('throws-in-agent.mjs')).href}`;
    const { relays, fleet } = start([slave('sleeps.mjs')], { env: { NODE_OPTIONS } });
    const pid = numberIn(await fleet.says('sleeping'));
    const [first] = relays.agents;
    process.kill(first!, 'SIGUSR2');
    await fleet.says('The agent has failed: a defect');
    await fleet.says('sleeping', 2);
    expect(isAlive(pid)).toBe(false);
    expect(relays.agents).not.toContain(first);
    expect(relays.errors).toContain('Error: a defect');
    await fleet.launcher.stop();
  });

  it('ends when no master comes back within the lease, and leaves nothing but its lock', async () => {
    const folder = await temporaryFolder();
    const relays = new Relays(ENTRY, { env: { XDG_RUNTIME_DIR: folder } });
    const relay = relays.start();
    expect(await greet(relay, helloOf('forgotten', { leaseMs: 1000 }))).toMatchObject({ type: 'hello' });
    relay.kill('SIGKILL');
    await eventually('it has ended', () => relays.processes.length === 0);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => !each.isDirectory());
    expect(files.map(({ name }) => name)).toEqual(['released', 'released']);
  });

  it('of another fleet is another one', async () => {
    const relays = new Relays(ENTRY);
    const both = ['one', 'two'].map((name) => ({ name: `${name}-${randomUUID()}`, relay: relays.start() }));
    const hellos = await Promise.all(both.map(({ name, relay }) => greet(relay, helloOf(name))));
    expect(hellos.map((hello) => hello?.fleet)).toEqual(both.map(({ name }) => name));
    expect(relays.agents).toHaveLength(2);
    for (const { relay } of both) relay.stdin.end('{"type":"bye"}\n');
    await eventually('both have ended', () => relays.processes.length === 0);
  });

  it.each(['000', '077'])(
    'opens nothing to others under the umask %s, which is that of its processes',
    async (umask) => {
      const folder = await temporaryFolder();
      const say = program(`sh -c 'echo umask $(umask); sleep 600'`);
      const { fleet } = start([say], { umask, env: { XDG_RUNTIME_DIR: folder } });
      expect(await fleet.says('umask')).toBe(`umask 0${umask}`);
      const rights = rightsIn(folder);
      expect([...rights].filter(([, mode]) => !mode.endsWith('00'))).toEqual([]);
      expect([...rights.keys()].some((path) => path.endsWith('/socket'))).toBe(true);
      await fleet.launcher.stop();
      await fleet.end;
    },
  );

  it('knows nothing of the SSH session', async () => {
    const { relays, fleet } = start([slave('sleeps.mjs')], {
      env: { SSH_CONNECTION: '::1 1 ::1 22', SSH_AUTH_SOCK: '/a' },
    });
    await fleet.says('sleeping');
    const environment = environmentOf(relays.agents[0]!);
    expect(environment.filter((each) => each.startsWith('SSH_'))).toEqual([]);
    expect(environment).toContain('DISTRIBUTED_ARCHITECTURE_ROLE=agent');
    await fleet.launcher.stop();
  });
});

describe('run-agent of a script with runQueueSlave', () => {
  it('is a relay as well', async () => {
    const relays = new Relays(join(repository, 'test/queue/fixtures/blocks.mjs'));
    const relay = relays.start();
    expect(await greet(relay, helloOf(`queue-${randomUUID()}`))).toMatchObject({ type: 'hello' });
    relay.stdin.end('{"type":"bye"}\n');
    expect(await endOf(relay)).toBe(0);
  });
});

describe('relays that come at the same time', () => {
  it('have one agent', async () => {
    const relays = new Relays(ENTRY);
    const fleet = `race-${randomUUID()}`;
    const all = Array.from({ length: 12 }, () => relays.start());
    for (const relay of all) relay.stdin.write(helloOf(fleet, { leaseMs: 30_000 }));
    const winner = await Promise.any(
      all.map(async (relay) => {
        const { value } = await messagesOf(relay).next();
        if (value === undefined) throw new Error('not this one');
        return value;
      }),
    );
    expect(winner).toMatchObject({ type: 'hello', fleet });
    // Each is told, or gives way to one that came later.
    await eventually('one is left', () => all.filter(({ exitCode }) => exitCode === null).length === 1);
    expect(relays.agents).toHaveLength(1);
    const last = all.find(({ exitCode }) => exitCode === null)!;
    last.stdin.end('{"type":"bye"}\n');
    await eventually('it has ended', () => relays.processes.length === 0);
  });
});

describe('what is no master', () => {
  it.each([
    ['garbage', 'GET / HTTP/1.1\r\n', 'The first line on standard input is no hello of a master: "GET / HTTP/1.1'],
    ['a hello without a fleet', '{"type":"hello"}\n', 'The first line on standard input is no hello of a master'],
    ['half a line', '{"type":"hel', 'No line has come on standard input: it has ended'],
    ['nothing', '', 'No line has come on standard input: it has ended'],
    ['a line without end', 'x'.repeat(100_000), 'have no end of a line'],
  ])('is refused: %s', async (_title, said, answer) => {
    const relays = new Relays(ENTRY);
    const relay = relays.start();
    relay.stdin.end(said);
    expect(await endOf(relay)).toBe(64);
    expect(relays.errors).toContain(answer);
    expect(relays.errors.trim().split('\n')).toHaveLength(1);
    expect(relays.agents).toEqual([]);
  });
});

describe('a host that is not fit for an agent', () => {
  it('says that others have rights to the run directory', async () => {
    const folder = await temporaryFolder({ [`distributed-architecture-${process.getuid!()}/x`]: '' });
    const relays = new Relays(ENTRY, { env: { XDG_RUNTIME_DIR: folder } });
    const relay = relays.start();
    relay.stdin.write(helloOf('unsafe'));
    expect(await endOf(relay)).toBe(1);
    expect(relays.errors).toMatch(
      /^The run directory .* cannot be used: others have rights to it \(mode 755\): remove it\n$/,
    );
  });

  it('says that its disk is full', async () => {
    const folder = await tinyDisk(32_768);
    expect(() => writeFileSync(join(folder, 'full'), Buffer.alloc(100_000))).toThrow('ENOSPC');
    const relays = new Relays(ENTRY, { env: { XDG_RUNTIME_DIR: folder } });
    const relay = relays.start();
    relay.stdin.write(helloOf('full'));
    expect(await endOf(relay)).toBe(1);
    expect(relays.errors).toContain('ENOSPC');
    expect(relays.errors.trim().split('\n')).toHaveLength(1);
  });

  it('says that the path of the socket is too long', async () => {
    const folder = await temporaryFolder({ [`${'x'.repeat(100)}/y`]: '' });
    const relays = new Relays(ENTRY, { env: { XDG_RUNTIME_DIR: join(folder, 'x'.repeat(100)) } });
    const relay = relays.start();
    relay.stdin.write(helloOf('long'));
    expect(await endOf(relay)).toBe(1);
    expect(relays.errors).toMatch(/its path has \d+ bytes, \d+ are possible: set XDG_RUNTIME_DIR to a shorter one/);
  });
});

describe('a probe', () => {
  it('tells what there is, and starts nothing', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const relays = new Relays(ENTRY);
    const relay = relays.start();
    const ports = [
      { host: '127.0.0.1', port },
      { host: '127.0.0.1', port: 0 },
    ];
    const answer = await greet(relay, `${JSON.stringify({ type: 'probe', ports, fleet: 'nobody' })}\n`);
    taken.close();
    expect(await endOf(relay)).toBe(0);
    expect(answer).toMatchObject({
      type: 'probe',
      node: process.version,
      entry: ENTRY,
      cwd: process.cwd(),
      protocol: { major: 1 },
      build: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      runDirectory: { usable: true },
      ports: [
        { host: '127.0.0.1', port, free: false, error: expect.stringContaining('EADDRINUSE') as string },
        { host: '127.0.0.1', port: 0, free: true },
      ],
    });
    expect(Math.abs(Number(answer?.at) - Date.now())).toBeLessThan(60_000);
    expect(answer).not.toHaveProperty('agent');
    expect(relays.agents).toEqual([]);
  });

  it('that is not as it should be is refused', async () => {
    const relays = new Relays(ENTRY);
    const relay = relays.start();
    relay.stdin.end('{"type":"probe","ports":[{"host":1}]}\n');
    expect(await endOf(relay)).toBe(64);
    expect(relays.errors).toContain('The probe on standard input is not as this version knows it');
  });
});
