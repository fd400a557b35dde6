import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program, fixture, Fleet, slave } from '../support/fleet.js';
import { killWithWatchdog, startMaster } from '../support/masters.js';
import { eventually, isAlive, procFile } from '../support/processes.js';

const FLEET = { name: 'cgroups' };
const DAEMON = program(`node ${fixture('forks-a-daemon.mjs')}`);
const PREFIX = 'distributed-architecture-';

/** A program that has a daemon, and works on. */
const WITH_DAEMON = program(`sh ${fixture('has-a-daemon.sh')}`, { stopTimeout: 0.5 });

/** Where this test's own cgroup is; the tests of this file need one that can be written. */
function ownCgroup(): string {
  const [, path = '/'] = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8')) ?? [];
  const mounted = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((point) => existsSync(join(point, 'cgroup.procs')));
  if (mounted === undefined) throw new Error('This test needs cgroup version 2');
  return join(mounted, path);
}

function cgroupsOf(pid: number): string[] {
  return readdirSync(ownCgroup()).filter((name) => name.startsWith(`${PREFIX}${pid}-`));
}

function numberIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}

describe('a daemon that has left its process group', () => {
  it('ends with the program that has started it, and before that is started again', async () => {
    const fleet = await Fleet.run([{ ...DAEMON, restart: 'always', restartDelay: 0, maxRestarts: 2 }]);
    const daemons = fleet.texts.filter((text) => text.startsWith('daemon ')).map(numberIn);
    expect(daemons).toHaveLength(3);
    expect(daemons.filter(isAlive)).toEqual([]);
  });

  it('is killed when a stop is enforced', async () => {
    const fleet = new Fleet([WITH_DAEMON]);
    await fleet.says('up');
    await fleet.launcher.kill();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('ends when the master is killed', async () => {
    const master = startMaster([WITH_DAEMON]);
    await master.says('up');
    master.send('SIGKILL', 'alone');
    await eventually('all are gone', () => master.size === 0);
    await eventually('so are the cgroups', () => cgroupsOf(master.pid).length === 0);
    expect(master.output).not.toContain('Stopping');
  });

  it('ends before a new master starts anything, when the old one died with its watchdog', async () => {
    const first = startMaster([WITH_DAEMON], FLEET);
    await first.says('up');
    await killWithWatchdog(first);
    const second = startMaster([program('echo started')], FLEET);
    await second.says('started');
    expect(first.size).toBe(0);
    expect((await second.end).code).toBe(0);
    expect(cgroupsOf(first.pid)).toEqual([]);
  });
});

it('each process has a cgroup of its own below that of its master, and none is left', async () => {
  const master = startMaster([slave('sleeps.mjs', { local: { instancesCount: 2 } })]);
  await master.says('sleeping', 2);
  const [folder = ''] = cgroupsOf(master.pid);
  const members = ['1.1', '2.1'].map((name) => readFileSync(join(ownCgroup(), folder, name, 'cgroup.procs'), 'utf8'));
  expect(members.map((text) => procFile(Number(text), 'cmdline').includes('sleeps.mjs'))).toEqual([true, true]);
  master.send('SIGTERM', 'alone');
  await master.end;
  expect(cgroupsOf(master.pid)).toEqual([]);
});
