import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupOptions } from '@distributed-architecture/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PipeAgents, type AgentOptions } from '../support/agents.js';
import { Fleet, WITHOUT_CACHE, fixture, program } from '../support/fleet.js';
import { eventually, isAlive } from '../support/processes.js';

/** The agents of two hosts: both on this machine, each with a working directory of its own. */
function twoHosts(options: AgentOptions = {}): Map<'A' | 'B', PipeAgents> {
  const agent = (folder: string): PipeAgents =>
    new PipeAgents({ env: WITHOUT_CACHE, before: `cd ${join(import.meta.dirname, folder)}`, ...options });
  return new Map([
    ['A', agent('fixtures')],
    ['B', agent('../support')],
  ]);
}

function start(groups: readonly GroupOptions[], options: AgentOptions = {}) {
  const hosts = twoHosts(options);
  const fleet = new Fleet(groups, { name: `agent-changes-${randomUUID()}`, agents: hosts });
  return { fleet, hosts, launcher: fleet.launcher };
}

const on = (...hosts: ('A' | 'B')[]) => ({ remote: [{ hosts }] });

function sleeper(options: Partial<GroupOptions>): GroupOptions {
  return program('sleep 600', options);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agent-changes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Programs on host A of which no two lives may meet. */
function onceAtATime(names: readonly string[] = ['Group']) {
  const folder = temporaryFolder();
  const fileOf = (name: string): string => join(folder, name);
  return {
    groups: names.map((name) =>
      program(`sh ${fixture('one-at-a-time.sh')} ${fileOf(name)} obeys`, { name, ...on('A') }),
    ),
    met: () => names.some((name) => existsSync(`${fileOf(name)}.met`)),
    asked: () => eventually('it was asked to stop', () => existsSync(`${fileOf(names[0]!)}.asked`)),
  };
}

function states(fleet: Fleet): string[] {
  return fleet.launcher.processes.map(({ id, state }) => `${id} ${state}`);
}

/** Nobody is told of some states by an event. */
function are(fleet: Fleet, ...expected: readonly string[]): Promise<void> {
  return eventually(`processes are ${expected.join(', ')}`, () => states(fleet).join() === expected.join());
}

/** Ends it without a goodbye. */
const FAULTS = {
  cut: (agents: PipeAgents): void => {
    agents.current.stdin.destroy();
    agents.current.stdout.destroy();
  },
  'kill -9': (agents: PipeAgents): void => void agents.current.kill('SIGKILL'),
};

const EACH_FAULT = ['cut', 'kill -9'] as const;

describe('a group under an agent', () => {
  it('is suspended and resumed, and keeps its master', async () => {
    const { groups, met } = onceAtATime();
    const { fleet, launcher } = start(groups);
    await fleet.says('up');
    const pid = launcher.processes[0]!.pid!;
    launcher.suspendGroup('Group');
    await are(fleet, '1 suspended');
    expect([isAlive(pid), launcher.isRunning]).toEqual([false, true]);
    launcher.resumeGroup('Group');
    await fleet.says('up', 2);
    await launcher.stop();
    expect([await fleet.end, met()]).toEqual([{ exitCode: 0 }, false]);
    expect(fleet.events.filter((event) => event.startsWith('process_stopped'))).toEqual([
      'process_stopped 1.1 stopped',
      'process_stopped 1.2 stopped',
    ]);
  });

  it('is suspended by force', async () => {
    const stubborn = program(`sh -c 'trap "" TERM; while :; do sleep 600; done'`, {
      stopTimeout: 600,
      ...on('A', 'B'),
    });
    const { fleet, launcher } = start([stubborn]);
    await are(fleet, '1 running', '2 running');
    launcher.suspendGroup('Group', { force: true });
    await are(fleet, '1 suspended', '2 suspended');
    expect(fleet.events).toContain('process_stopped 2.1 killed');
    await launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('is restarted, and never lives twice', async () => {
    const { groups, met } = onceAtATime();
    const { fleet, launcher } = start(groups);
    await fleet.says('up');
    await launcher.restartGroup('Group');
    await fleet.says('up', 2);
    expect(met()).toBe(false);
    expect(launcher.processes.map(({ id, incarnation }) => [id, incarnation])).toEqual([[1, 2]]);
  });

  it('that has failed is restarted as well', async () => {
    const file = join(temporaryFolder(), 'works');
    const fragile = program(`sh -c 'test -e ${file} || exit 3; echo up; exec sleep 600'`, {
      name: 'Fragile',
      ...on('A'),
    });
    const { fleet, launcher } = start([fragile, sleeper(on('A'))]);
    await are(fleet, '1 failed', '2 running');
    writeFileSync(file, '');
    await launcher.restartGroup('Fragile');
    await fleet.says('up');
    expect(launcher.processes[0]!.incarnation).toBe(2);
  });

  it('has other processes when it is scaled, on the same agents', async () => {
    const { fleet, hosts, launcher } = start([sleeper({ name: 'Other', ...on('A', 'B') }), sleeper(on('A', 'B'))]);
    await are(fleet, '1 running', '2 running', '3 running', '4 running');
    await launcher.scaleGroup('Group', 4);
    await are(fleet, '1 running', '2 running', '5 running', '6 running', '7 running', '8 running');
    expect(launcher.processes.slice(2).map(({ host, groupCount }) => `${host} of ${groupCount}`)).toEqual([
      ...['A of 4', 'A of 4', 'B of 4', 'B of 4'],
    ]);
    expect([...hosts.values()].map(({ started }) => started.length)).toEqual([1, 1]);
    await launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a host', () => {
  it('is connected when it gets its first processes, and left when it has lost its last', async () => {
    const first = sleeper(on('A'));
    const second = program(`sh -c 'echo second; exec sleep 600'`, { name: 'Second', ...on('B') });
    const { fleet, hosts, launcher } = start([first]);
    await are(fleet, '1 running');
    expect(hosts.get('B')!.started).toEqual([]);
    await fleet.apply([first, second]);
    await fleet.says('second');
    const gone = once(hosts.get('B')!.current, 'exit');
    await fleet.apply([first]);
    expect(await gone).toEqual([0, null]);
    await are(fleet, '1 running');
    expect(fleet.texts.some((text) => text.includes('lost'))).toBe(false);
    await launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe.each(EACH_FAULT)('%s of an agent in the middle', (fault) => {
  const options = { lease: 2 };

  it('of a suspension: nothing lives, and nothing starts before it is resumed', async () => {
    const { groups, met, asked } = onceAtATime();
    const { fleet, hosts, launcher } = start(groups, options);
    await fleet.says('up');
    const pid = launcher.processes[0]!.pid!;
    launcher.suspendGroup('Group');
    await asked();
    FAULTS[fault](hosts.get('A')!);
    await fleet.says('Connected to host', 2);
    await are(fleet, '1 suspended');
    expect([isAlive(pid), fleet.texts.filter((text) => text === 'up')]).toEqual([false, ['up']]);
    launcher.resumeGroup('Group');
    await fleet.says('up', 2);
    expect(met()).toBe(false);
  });

  it('of a resumption: it runs, once', async () => {
    const { groups, met } = onceAtATime();
    const { fleet, hosts, launcher } = start(groups, options);
    await fleet.says('up');
    launcher.suspendGroup('Group');
    await are(fleet, '1 suspended');
    launcher.resumeGroup('Group');
    FAULTS[fault](hosts.get('A')!);
    await fleet.says('Connected to host', 2);
    await are(fleet, '1 running');
    await launcher.stop();
    expect([await fleet.end, met()]).toEqual([{ exitCode: 0 }, false]);
  });

  it('of a restart: it runs again, once', async () => {
    const { groups, met, asked } = onceAtATime();
    const { fleet, hosts, launcher } = start(groups, options);
    await fleet.says('up');
    const restarted = launcher.restartGroup('Group').catch(() => {});
    await asked();
    FAULTS[fault](hosts.get('A')!);
    await fleet.says('up', 2);
    await restarted;
    expect(met()).toBe(false);
    await are(fleet, '1 running');
  });

  it('of a scaling: the old ones are gone, and none of them comes back', async () => {
    const { groups, met, asked } = onceAtATime(['Group', 'Other']);
    const { fleet, hosts, launcher } = start(groups, options);
    await fleet.says('up', 2);
    const old = launcher.processes.map(({ pid }) => pid!);
    const scaled = fleet.apply([groups[1]!, sleeper({ name: 'New', ...on('A') })]).catch(() => {});
    await asked();
    FAULTS[fault](hosts.get('A')!);
    await fleet.says('Connected to host', 2);
    await scaled;
    await eventually('only what is to run does', () => states(fleet).every((state) => state.endsWith('running')));
    expect([old.some((pid) => isAlive(pid)), met()]).toEqual([false, false]);
    await launcher.stop();
  });
});
