import { describe, expect, it } from 'vitest';
import type { GroupOptions, ProcessState } from '@distributed-architecture/core';
import { Fleet, program, slave } from '../support/fleet.js';
import { eventually } from '../support/processes.js';

/** Its name is that of its group; its first words come when it is ready. */
function service(name: string, dependsOn: string[], options: Partial<GroupOptions> = {}): GroupOptions {
  return slave('boots-slowly.mjs', { name, dependsOn, ...options });
}

const slow = { env: { BOOT_MS: '400' } };
const statesOf = (fleet: Fleet): ProcessState[] => fleet.launcher.processes.map(({ state }) => state);

/** The states of all processes whenever this one is told to have started. */
function statesAt(fleet: Fleet, id: number): ProcessState[][] {
  const seen: ProcessState[][] = [];
  fleet.launcher.on('process_started', ({ process }) => void (process.id === id && seen.push(statesOf(fleet))));
  return seen;
}

describe('a group that depends on others', () => {
  it('starts when all processes of them are ready, whatever their order in the configuration', async () => {
    const fleet = new Fleet([
      service('Workers', ['Database', 'Cache'], { local: { instancesCount: 2 } }),
      service('Database', [], { ...slow, local: { instancesCount: 2 } }),
      program('sleep 1000', { name: 'Cache' }),
    ]);
    const atStart = [statesAt(fleet, 1), statesAt(fleet, 2)];
    const atStartOfDatabase = [statesAt(fleet, 3), statesAt(fleet, 4)];
    await fleet.says('Workers is up', 2);
    for (const [states] of atStartOfDatabase) expect(states!.slice(0, 2)).toEqual(['waiting', 'waiting']);
    for (const [states] of atStart) expect(states!.slice(2)).toEqual(['running', 'running', 'running']);
    expect(fleet.events.indexOf('master_started')).toBeLessThan(fleet.events.indexOf('process_started 1.1'));
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('stops before them: they work on until it has', async () => {
    const lingering = { params: { lingerMs: 200 } };
    const fleet = new Fleet([
      service('Database', [], { ...lingering, local: { instancesCount: 2 } }),
      service('Server', ['Database'], lingering),
      service('Workers', ['Server', 'Database'], { ...lingering, local: { instancesCount: 2 } }),
    ]);
    await fleet.says('Workers is up', 2);
    await fleet.launcher.stop();
    const words = fleet.texts.filter((text) => /stop(s|ped)$/.test(text));
    expect(words).toEqual([
      ...['Workers stops', 'Workers stops', 'Workers has stopped', 'Workers has stopped'],
      ...['Server stops', 'Server has stopped'],
      ...['Database stops', 'Database stops', 'Database has stopped', 'Database has stopped'],
    ]);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('is never started when one of them fails for good, and has failed', async () => {
    const fleet = new Fleet([
      slave('dies-at-boot.mjs', { name: 'Database', env: { BY: 'exit' } }),
      service('Server', ['Database']),
      service('Workers', ['Server']),
      program('echo fine', { name: 'Other' }),
    ]);
    expect(await fleet.end).toEqual({ exitCode: 1 });
    expect(fleet.texts).toContain('Not started: group Database, on which it depends, has failed');
    expect(fleet.texts).toContain('Not started: group Server, on which it depends, has failed');
    expect(fleet.texts).toContain('fine');
    expect(statesOf(fleet)).toEqual(['failed', 'failed', 'failed', 'stopped']);
    expect(fleet.events.filter((name) => /process_started [23]\./.test(name))).toEqual([]);
  });

  it('starts after one that has done its work', async () => {
    const fleet = await Fleet.run([
      program('echo second', { name: 'Second', dependsOn: ['First'] }),
      program('echo first', { name: 'First' }),
    ]);
    expect(fleet.exitCode).toBe(0);
    expect(fleet.events.indexOf('process_started 2.1')).toBeLessThan(fleet.events.indexOf('process_started 1.1'));
  });

  it('runs on when one of them is restarted', async () => {
    const fleet = new Fleet([
      service('Database', [], { restart: 'on-failure', restartDelay: 0 }),
      service('Workers', ['Database']),
    ]);
    await fleet.says('Workers is up');
    process.kill(fleet.launcher.processes[0]!.pid!, 'SIGKILL');
    await fleet.says('Database is up', 2);
    expect(fleet.launcher.processes.map(({ incarnation, state }) => `${incarnation} ${state}`)).toEqual([
      '2 running',
      '1 running',
    ]);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('never starts when all are to stop while it waits', async () => {
    const fleet = new Fleet([service('Workers', ['Database']), service('Database', [], { env: { BOOT_MS: '60000' } })]);
    await fleet.tells('process_started 2.1');
    const stopped = fleet.launcher.stop();
    await eventually('the database is asked to stop', () => statesOf(fleet).join() === 'stopped,stopping');
    await fleet.launcher.kill();
    await stopped;
    expect(fleet.events.filter((name) => name.startsWith('process_started 1.'))).toEqual([]);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('is killed with all others at once, in no order', async () => {
    const stubborn = program(`sh -c 'trap "" TERM; echo listens; while :; do sleep 1000; done'`, { stopTimeout: 600 });
    const fleet = new Fleet([
      { ...stubborn, name: 'Database' },
      { ...stubborn, name: 'Workers', dependsOn: ['Database'] },
    ]);
    await fleet.says('listens', 2);
    const stopped = fleet.launcher.stop();
    await eventually('the workers are asked to stop', () => statesOf(fleet).join() === 'running,stopping');
    await fleet.launcher.kill();
    await stopped;
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});
