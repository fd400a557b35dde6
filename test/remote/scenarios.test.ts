import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import type { ProgramEnd, RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { Hosts, needsNamespaces } from '../support/hosts.js';
import { WITHOUT_CACHE } from '../support/fleet.js';
import { eventually } from '../support/processes.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');

const hosts = await Hosts.shared(['alpha', 'beta']);

/** A group of slaves that say where they run, until they are asked to stop. */
function group(options: Partial<GroupOptions>): GroupOptions {
  const slave = join(FIXTURES, 'tells-where.mjs');
  return { name: 'Group', command: 'work', console: slave, env: { ...WITHOUT_CACHE }, ...options };
}

function startMaster(groups: readonly GroupOptions[], options: object = {}): RunningProgram {
  const fleet = JSON.stringify({ groups, options: { name: 'scenario', ...options } });
  return hosts.master.spawn('node', [join(FIXTURES, 'master.mjs'), fleet], { env: WITHOUT_CACHE });
}

/** Asks a master to stop once so many of its slaves work. */
async function stopped(master: RunningProgram, slaves: number): Promise<ProgramEnd> {
  await master.says(' runs ', slaves);
  master.send('SIGTERM', 'alone');
  return master.end;
}

/** What slaves have said by themselves, without times; hosts without namespaces all have one name. */
function told(output: string): string[] {
  const lines = output.matchAll(/\[Group\] \[(.*?)\] \[(.*?)\] \S+ runs (.*)$/gm);
  return Array.from(lines, ([, host, display, text]) => `${host} ${display} ${text}`).toSorted();
}

const namesOf = (...names: string[]): string[] =>
  names.map((name) => hosts.host(name).destination.replace(/:\d+$/, ''));
const [alpha, beta] = namesOf('alpha', 'beta');

describe('groups on two hosts', () => {
  it('one process on each: they get their numbers and parameters, their output is in the log of the master', async () => {
    const remote = [hosts.remote('alpha', 'beta')];
    const { output, code } = await stopped(startMaster([group({ params: { word: 'zeal' }, remote })]), 2);
    expect(told(output)).toEqual([`${alpha} work/1/1 1, 1 of 2, with zeal`, `${beta} work/2/2 2, 2 of 2, with zeal`]);
    expect(output.match(/Connected to host/g)).toHaveLength(2);
    expect(code, output).toBe(0);
  });

  it('two processes on each beside two of this machine: numbers run through, local ones first', async () => {
    const remote = [{ instancesCount: 2, ...hosts.remote('alpha', 'beta') }];
    const groups = [group({ params: { word: 'zeal' }, local: { instancesCount: 2 }, remote })];
    const { output, code } = await stopped(startMaster(groups), 6);
    const where = ['localhost', 'localhost', alpha, alpha, beta, beta];
    const lines = where.map(
      (host, index) => `${host} work/${index + 1}/${index + 1} ${index + 1}, ${index + 1} of 6, with zeal`,
    );
    expect(told(output)).toEqual(lines.toSorted());
    expect(output.match(/Connected to host/g)).toHaveLength(2);
    expect(code, output).toBe(0);
  });

  it('blocks of one group have settings of their own', async () => {
    const remote = [
      { ...hosts.remote('alpha'), env: { WORD: 'first' } },
      { ...hosts.remote('beta'), env: { WORD: 'second' } },
    ];
    const groups = [group({ command: 'node -p process.env.WORD', console: false, remote })];
    const { output, code } = await startMaster(groups).end;
    expect(output).toMatch(new RegExp(`\\[${alpha}\\] \\[.*\\] first$`, 'm'));
    expect(output).toMatch(new RegExp(`\\[${beta}\\] \\[.*\\] second$`, 'm'));
    expect(code, output).toBe(0);
  });

  it('after the running time all stop cleanly, and the master with them', async () => {
    const groups = [group({ local: {}, remote: [hosts.remote('alpha', 'beta')] })];
    const { output, code } = await startMaster(groups, { maxRunningTime: 6 }).end;
    expect(output.match(/was asked to stop$/gm)).toHaveLength(3);
    expect(output).not.toContain('force kill');
    expect(code, output).toBe(0);
  });

  it('a master that is asked to stop has all stop cleanly, on every host', async () => {
    const master = startMaster([group({ local: {}, remote: [hosts.remote('alpha', 'beta')] })]);
    const { output, code } = await stopped(master, 3);
    expect(output.match(/was asked to stop$/gm)).toHaveLength(3);
    expect(code, output).toBe(0);
  });

  it('nothing of them is left there', async (context) => {
    needsNamespaces(context);
    const master = startMaster([group({ remote: [hosts.remote('alpha', 'beta')] })]);
    await master.says(' runs ', 2);
    const left = (name: string): string[] =>
      hosts
        .host(name)
        .processes()
        .map(({ command }) => command)
        .filter((command) => !command.startsWith('sshd: /usr/sbin/sshd'));
    expect(left('alpha').join('\n')).toContain('tells-where.mjs');
    await stopped(master, 2);
    await eventually('nothing runs', () => [...left('alpha'), ...left('beta')].length === 0);
    const files = await hosts.host('alpha').run('find /run /tmp -type s -o -type p');
    expect(files.stdout).toBe('');
  });
});

describe('run-master of a Nest application', () => {
  it('runs a group of the YAML file on two hosts, with Nest on each of them, and stops it', async () => {
    const { hosts: names, privateKey, knownHosts } = hosts.remote('alpha', 'beta');
    const settings = privateKey === undefined ? '' : `, private_key: ${privateKey}, known_hosts: ${knownHosts}`;
    const yaml = await hosts.write(
      'nest.yaml',
      `distributed_architecture:
  name: nest-scenario
  groups:
    Looping:
      command: app:loop
      local: {}
      remote: [{ hosts: [${names.map((name) => `"${name}"`).join(', ')}]${settings} }]
    Saying:
      command: app:say
      params: { text: zeal }
      remote: [{ hosts: ["${names[0]}"]${settings} }]
`,
    );
    const main = join(repository, 'test/dist/nestjs/fixtures/main.js');
    const master = hosts.master.spawn('node', [main, 'run-master', '--config-file', yaml]);
    await master.says('] looping\n', 3);
    await master.says(`[Saying] [${alpha}] [app:say/4/1] role slave\n`);
    master.send('SIGTERM', 'alone');
    const { output, code } = await master.end;
    for (const line of [
      `[Looping] [localhost] [app:loop/1/1]`,
      `[${alpha}] [app:loop/2/2]`,
      `[${beta}] [app:loop/3/3]`,
    ])
      expect(output).toContain(`${line} loop ended\n`);
    expect(output).toContain(`warn [Saying] [${alpha}] [app:say/4/1] [SayContext] logger says zeal\n`);
    expect(code, output).toBe(0);
  });
});
