import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GroupOptions, LauncherOptions } from '@distributed-architecture/core';
import { Fleet } from '../support/fleet.js';
import { childrenOf, eventually, isAlive, procFile } from '../support/processes.js';
import { Relays, type RelayOptions } from '../support/relays.js';
import { makeKey, startSshd } from '../support/sshd.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { Program, fleet as yamlOf } from './harness/program.js';

const FIXTURES = join(repository, 'test/dist/nestjs/fixtures');
const LOOP: GroupOptions = { name: 'Loops', command: 'app:loop' };

interface StartOptions extends RelayOptions {
  readonly main?: string;
  readonly launcher?: LauncherOptions;
}

function start(groups: readonly GroupOptions[], options: StartOptions = {}) {
  const { main = 'host-events-main', launcher = { hostEvents: true }, ...relay } = options;
  const relays = new Relays(join(FIXTURES, `${main}.js`), relay);
  const agents = new Map([['localhost', relays]]);
  const fleet = new Fleet(groups, { name: `host-events-${randomUUID()}`, agents, ...launcher });
  return { relays, fleet, listeners: () => listenersOf(relays) };
}

/** Process ids of the listeners that run. */
function listenersOf(relays: Relays): number[] {
  const found = relays.processes.filter(({ command }) => command.endsWith('-main.js run-listener'));
  return found.map(({ pid }) => pid);
}

/** What was heard in one role, without what comes once a second. */
function heard(text: string, role: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => line.split(`${role} hears `)[1] ?? [])
    .filter((event) => !event.startsWith('master_running'));
}

/** The key of a host that is this machine, reached by a server of our own. */
async function loopback() {
  const folder = await temporaryFolder();
  const key = await makeKey(folder, 'id_test');
  const sshd = await startSshd({ folder: join(folder, 'sshd'), authorizedKeys: [key.publicKey] });
  onTestFinished(() => sshd.stop());
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, sshd.hostKeyLines());
  return { hosts: [`127.0.0.1:${sshd.port}`], private_key: key.file, known_hosts: knownHosts };
}

describe('hostEvents', () => {
  it('publishes what happens on a host there and in the master, each once', async () => {
    const remote = [{ ...(await loopback()), instances_count: 2 }];
    const yaml = yamlOf({ Loops: { command: 'app:loop', local: undefined, remote }, Here: { command: 'app:loop' } });
    const program = await Program.start('host-events-main', ['run-master'], { yaml });
    await program.says('agent hears master_running');
    await program.says('agent hears master_started');
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    const ofLoops = (name: string, incarnation: number, pid: string, reason = ''): string[] =>
      [1, 2].map((n) => `${name} app:loop/${n}/${n} 127.0.0.1 Loops 2 ${incarnation} ${pid}${reason}`);
    const onHost = [
      ...ofLoops('process_created', 0, '-'),
      ...ofLoops('process_started', 1, 'pid'),
      ...ofLoops('process_stopped', 1, '-', ' stopped'),
    ];
    const there = heard(program.output, 'agent');
    expect(there.filter((event) => event.startsWith('process_')).toSorted()).toEqual(onHost.toSorted());
    expect(there.filter((event) => event.startsWith('master_'))).toEqual([
      'master_starting isMaster=false isRunning=true groups=Loops processes=1:created,2:created',
      expect.stringMatching(
        /^master_started isMaster=false isRunning=true groups=Loops processes=1:(?!created)\w+,2:(?!created)/,
      ),
      'master_stopped isMaster=false isRunning=true groups=Loops processes=1:stopped,2:stopped',
    ]);
    const here = heard(program.output, 'master');
    expect(here.filter((event) => event.includes(' Loops ')).toSorted()).toEqual(onHost.toSorted());
    expect(here.filter((event) => event.startsWith('master_'))).toEqual([
      expect.stringContaining('master_starting isMaster=true'),
      expect.stringContaining('master_started isMaster=true'),
      expect.stringContaining('master_stopped isMaster=true'),
    ]);
    expect(program.lines.filter((line) => line.includes('agent hears'))).toEqual(
      program.lines.filter((line) => line.includes('[127.0.0.1] [listener] agent hears')),
    );
  });

  it('has a listener that is no process of the fleet, has the role agent, and says what processes say', async () => {
    const { relays, fleet, listeners } = start([LOOP, { name: 'Say', command: 'app:say', params: { text: 'hello' } }]);
    await fleet.says('agent hears process_running app:say/2/1 localhost Say 1 1 pid console says hello');
    expect(fleet.launcher.processes).toHaveLength(2);
    const [pid] = listeners();
    expect(listeners()).toHaveLength(1);
    expect(childrenOf(relays.agents[0]!)).toContain(pid);
    expect(procFile(pid!, 'environ').split('\0')).toContain('DISTRIBUTED_ARCHITECTURE_ROLE=agent');
    expect(fleet.log.find(({ text }) => text.includes('agent hears'))).toMatchObject({
      origin: 'listener',
      level: 'log',
    });
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    await eventually('all has ended', () => relays.processes.length === 0);
  });

  it('is off by default: there is no listener', async () => {
    const { relays, fleet, listeners } = start([LOOP], { launcher: {} });
    await fleet.says('turn', 3);
    expect(relays.agents).toHaveLength(1);
    expect(listeners()).toEqual([]);
    await fleet.launcher.stop();
    expect(heard(fleet.texts.join('\n'), 'agent')).toEqual([]);
  });

  it('says what is missing where the entry is not runConsole, and the fleet runs', async () => {
    const { fleet } = start([LOOP], { main: 'host-events-factory-main' });
    await fleet.says('hostEvents needs runConsole(AppModule) as the entry');
    await fleet.says('starting another in 1 s');
    await fleet.says('turn');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a listener', () => {
  it('is killed with all else when the lease is over, and comes back when it is held again', async () => {
    let open = Promise.resolve();
    const relays = new Relays(join(FIXTURES, 'host-events-main.js'), { lease: 4 });
    const { transport, lease } = relays;
    const agents = new Map([['localhost', { transport, lease, connect: () => open.then(relays.connect) }]]);
    const fleet = new Fleet([LOOP], { name: `host-events-${randomUUID()}`, agents, hostEvents: true });
    await fleet.says('agent hears master_running');
    const [before, [agent]] = [listenersOf(relays), relays.agents];
    const { promise, resolve } = Promise.withResolvers<void>();
    open = promise;
    relays.current.kill('SIGKILL');
    await eventually('it is gone', () => listenersOf(relays).length === 0);
    expect(isAlive(agent!)).toBe(true);
    const said = fleet.texts.length;
    resolve();
    await fleet.until('another hears', () =>
      fleet.texts.slice(said).some((text) => text.includes('hears master_running')),
    );
    expect(relays.agents).toEqual([agent]);
    expect(listenersOf(relays)).not.toEqual(before);
    expect(fleet.texts.filter((text) => text.startsWith('The listener'))).toEqual([]);
    await fleet.launcher.stop();
  });

  it('that is killed is started again, and its successor knows what runs', async () => {
    const { fleet, listeners } = start([LOOP]);
    await fleet.says('agent hears master_started');
    const [first] = listeners();
    process.kill(first!, 'SIGKILL');
    await fleet.says('The listener was ended by SIGKILL, starting another in 1 s');
    const before = fleet.log.length;
    const again = (text: string): boolean => fleet.texts.slice(before).some((line) => line.includes(text));
    await fleet.until('it is told', () =>
      again('agent hears master_running isMaster=false isRunning=true groups=Loops'),
    );
    expect(again('groups=Loops processes=1:running')).toBe(true);
    expect(listeners()).toHaveLength(1);
    expect(listeners()).not.toContain(first);
    await fleet.launcher.stop();
    expect(heard(fleet.texts.join('\n'), 'agent').filter((event) => event.startsWith('master_start'))).toHaveLength(2);
    expect(fleet.events.filter((event) => event.startsWith('process_st'))).toEqual([
      'process_started 1.1',
      'process_stopped 1.1 stopped',
    ]);
  });

  it('that hangs for ever holds up nothing: the lease is held, and it is killed at the end', async () => {
    const block: GroupOptions = {
      name: 'Say',
      command: 'app:say',
      params: { text: 'block' },
      restart: 'always',
      restartDelay: 1,
    };
    const { relays, fleet, listeners } = start([LOOP, block], { lease: 3 });
    await fleet.says('blocking');
    const [pid] = listeners();
    const turns = fleet.texts.filter((text) => text === 'turn').length;
    // For twice the lease.
    await fleet.says('turn', turns + 30);
    expect(listeners()).toEqual([pid]);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    await eventually('all has ended', () => relays.processes.length === 0);
    expect(relays.started).toHaveLength(1);
    expect(fleet.events.filter((event) => event.includes(' 1.'))).toEqual([
      'process_created 1.0',
      'process_started 1.1',
      'process_stopped 1.1 stopped',
    ]);
  });

  it.each([
    ['ends by itself', 'hello'],
    ['that hangs is ended by the watchdog', 'block'],
  ])('whose agent is killed %s', async (_title, text) => {
    const say: GroupOptions = { name: 'Say', command: 'app:say', params: { text } };
    const { relays, fleet, listeners } = start([LOOP, say]);
    await fleet.says('looping');
    await fleet.says(text === 'block' ? 'blocking' : 'agent hears master_running');
    const [pid] = listeners();
    process.kill(relays.agents[0]!, 'SIGKILL');
    await eventually('it is gone', () => !isAlive(pid!));
    expect(listeners()).not.toContain(pid);
    await fleet.until('another is there', () => fleet.texts.filter((line) => line === 'looping').length > 1);
    await fleet.launcher.stop();
    await eventually('all has ended', () => relays.processes.length === 0);
  });
});
