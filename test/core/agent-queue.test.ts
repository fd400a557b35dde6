import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { QueueGroupOptions, RemoteConsumersOptions } from '@distributed-architecture/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PipeAgents, type AgentOptions } from '../support/agents.js';
import { Fleet, fixture } from '../support/fleet.js';
import { freePort } from '../support/ports.js';
import { eventually } from '../support/processes.js';

const SCRIPT = fixture('queue-on-hosts.mjs');
const COUNT = 40;

type Place = 'here' | 'A' | 'B';

/** The agents of two hosts: both on this machine, each with a working directory of its own. */
function twoHosts(options: AgentOptions = {}): Map<'A' | 'B', PipeAgents> {
  const agent = (place: string, folder: string): PipeAgents => {
    const before = `cd ${join(import.meta.dirname, folder)}`;
    return new PipeAgents({ script: SCRIPT, before, ...options, env: { PLACE: place } });
  };
  return new Map([
    ['A', agent('A', 'fixtures')],
    ['B', agent('B', '../support')],
  ]);
}

interface Layout {
  readonly feeder: Place;
  readonly consumers: readonly Place[];
}

async function groupOf({ feeder, consumers }: Layout, options: Partial<QueueGroupOptions> = {}) {
  const port = await freePort();
  const address = { host: '127.0.0.1', port };
  const remote = consumers.filter((place) => place !== 'here');
  const blocks = remote.map((place): RemoteConsumersOptions => ({ ...address, instancesCount: 1, hosts: [place] }));
  const group: QueueGroupOptions = {
    name: 'Queue',
    command: 'numbers',
    console: SCRIPT,
    params: { count: COUNT, itemMs: 5 },
    window: 1,
    ...(feeder === 'here'
      ? { localFeeder: { bindTo: '127.0.0.1', port } }
      : { remoteFeeder: { bindTo: '127.0.0.1', port, hosts: [feeder] } }),
    consumers: {
      ...(consumers.includes('here') && { local: { ...address, instancesCount: 1 } }),
      ...(blocks.length > 0 && { remote: blocks }),
    },
    ...options,
  };
  return { group, port };
}

async function start(layout: Layout, options: Partial<QueueGroupOptions> = {}, hosts = twoHosts()) {
  const { group, port } = await groupOf(layout, options);
  const fleet = new Fleet([group], { name: `agent-queue-${randomUUID()}`, agents: hosts });
  return { fleet, hosts, port };
}

/** Who has handled what, and how many came out. */
function handled(fleet: Fleet): { items: number[]; places: string[] } {
  const found = fleet.texts.flatMap((text) => [...text.matchAll(/handled (\d+) on (\S+)$/g)]);
  return {
    items: found.map(([, item]) => Number(item)).toSorted((a, b) => a - b),
    places: [...new Set(found.map(([, , place]) => place!))].toSorted(),
  };
}

/** Of consumers to their feeder. */
function connections(fleet: Fleet): string[] {
  return fleet.texts.filter((text) => /^Connected to [^h]/.test(text));
}

const ALL = Array.from({ length: COUNT }, (_, index) => index + 1);

describe('a feeder', () => {
  it.each([
    { feeder: 'here', consumers: ['A'] },
    { feeder: 'A', consumers: ['A'] },
    { feeder: 'A', consumers: ['here'] },
    { feeder: 'A', consumers: ['B'] },
    { feeder: 'here', consumers: ['here', 'A', 'B'] },
    { feeder: 'A', consumers: ['here', 'A', 'B'] },
  ] as const)('on $feeder feeds consumers on $consumers, each item once, and the group ends', async (layout) => {
    const gate = join(await mkdtemp(join(tmpdir(), 'gate-')), 'open');
    onTestFinished(() => rm(dirname(gate), { recursive: true }));
    const { fleet, port } = await start(layout, { params: { count: COUNT, itemMs: 5, gate }, pollInterval: 0.1 });
    await fleet.until('all are connected', () => connections(fleet).length === layout.consumers.length);
    await writeFile(gate, '');
    expect(await fleet.end).toEqual({ exitCode: 0 });
    const { items, places } = handled(fleet);
    expect(items).toEqual(ALL);
    expect(places).toEqual(layout.consumers.toSorted());
    expect(fleet.texts).toContain(`all told: ${COUNT} done, 0 failed`);
    expect(fleet.launcher.queues).toMatchObject([{ done: COUNT, failed: 0 }]);
    const viaPort = connections(fleet).filter((text) => text === `Connected to 127.0.0.1:${port}`);
    expect(viaPort).toHaveLength(layout.consumers.filter((place) => place !== layout.feeder).length);
  });
});

describe('the end of a consumer on another host', () => {
  it('is told to its feeder: what it held has failed, and it starts again', async () => {
    const params = { count: 3, itemMs: 60_000, tells: true };
    const { fleet } = await start({ feeder: 'here', consumers: ['A'] }, { params });
    await fleet.says('begins 1 in 2.1');
    process.kill(fleet.launcher.processes[1]!.pid!, 'SIGKILL');
    await fleet.says('begins 2 in 2.2');
    expect(fleet.texts).toContain('failed 1');
  });

  it('that its feeder wants killed is told as such', async () => {
    const params = { count: 2, itemMs: 60_000, tells: true };
    const { fleet } = await start({ feeder: 'A', consumers: ['B'] }, { params, itemTimeout: 0.3, abortGrace: 0.1 });
    await fleet.tells('process_stopped 2.1 item-timeout');
    await fleet.says('begins 2 in 2.2');
    expect(fleet.texts).toContain('failed 1');
  });
});

describe('a feeder on another host that is killed', () => {
  it('starts again when its consumers on all hosts have finished what they hold', async () => {
    const params = { count: 1, itemMs: 1500, tells: true };
    const { fleet } = await start({ feeder: 'A', consumers: ['B', 'here'] }, { params });
    const line = await fleet.says('begins 1 in');
    process.kill(fleet.launcher.processes[0]!.pid!, 'SIGKILL');
    await fleet.says('feeder 1.2 on A');
    const told = fleet.texts.filter((text) => /handled 1 on|^feeder 1\.2/.test(text));
    expect([line, told.at(-1)]).toEqual([expect.stringMatching(/in [23]\.1/), 'feeder 1.2 on A']);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a stop', () => {
  it('asks consumers on other hosts before their feeder', async () => {
    const { fleet } = await start({ feeder: 'here', consumers: ['A', 'B'] }, { params: { count: 1000, itemMs: 50 } });
    await fleet.says('handled 3 ');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    const ends = fleet.events.filter((event) => event.startsWith('process_stopped'));
    expect(ends.at(-1)).toBe('process_stopped 1.1 stopped');
    expect(ends).toHaveLength(3);
  });
});

describe('a port that somebody else has', () => {
  it('is waited for, longer than the start_timeout', async () => {
    const { group, port } = await groupOf({ feeder: 'here', consumers: ['A'] }, { startTimeout: 3 });
    const other = createServer().listen(port, '127.0.0.1');
    const fleet = new Fleet([group], { name: `agent-queue-${randomUUID()}`, agents: twoHosts() });
    await fleet.says(`127.0.0.1:${port} is in use: waiting, tried again in 4 s`);
    other.close();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.events.filter((event) => event.startsWith('process_stopped 1.'))).toHaveLength(1);
    expect(handled(fleet).items).toEqual(ALL);
  });
});

describe('an agent that is frozen beyond its lease, with its consumer', () => {
  it('begins nothing when it goes on, though the feeder lives and has items', async () => {
    const params = { count: 100_000, itemMs: 20, tells: true };
    const hosts = twoHosts({ lease: 2 });
    const { fleet } = await start({ feeder: 'here', consumers: ['A'] }, { params, window: 50 }, hosts);
    await fleet.says('begins 5 in 2.1');
    const agent = hosts.get('A')!.current;
    const consumer = fleet.launcher.processes[1]!.pid!;
    process.kill(consumer, 'SIGSTOP');
    agent.kill('SIGSTOP');
    const begun = (): string[] => fleet.texts.filter((text) => /begins \d+ in 2\.1$/.test(text));
    await fleet.tells('process_stopped 2.1 lost');
    const before = begun();
    process.kill(consumer, 'SIGCONT');
    agent.kill('SIGCONT');
    await eventually('a new agent has started it again', () =>
      fleet.texts.some((text) => /begins \d+ in 2\.\d{4}$/.test(text)),
    );
    expect(begun()).toEqual(before);
  });
});
