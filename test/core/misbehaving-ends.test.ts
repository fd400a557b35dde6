import { describe, expect, it } from 'vitest';
import { exitsOf } from '../support/exits.js';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { isAlive } from '../support/processes.js';

describe('a slave that dies at boot', () => {
  it.each([
    { by: 'exit', end: 'Exited with code 9' },
    { by: 'throw', end: 'Exited with code 1' },
    { by: 'signal', end: 'Ended by SIGKILL' },
  ])('by $by: what it said is in the log, it is restarted and then given up', async ({ by, end }) => {
    const group = slave('dies-at-boot.mjs', {
      restart: 'on-failure',
      restartDelay: 0,
      maxRestarts: 2,
      env: { BY: by },
    });
    const fleet = await Fleet.run([group]);
    expect(fleet.exitCode).toBe(1);
    const complaints = fleet.log.filter(({ text }) => text === 'there is no database here');
    expect(complaints.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn']);
    expect(fleet.texts.filter((text) => text === end)).toHaveLength(3);
    expect(fleet.texts.at(-1)).toBe('Restarted 2 times in 60 s, given up');
    expect(fleet.launcher.processes[0]).toMatchObject({ state: 'failed', incarnation: 3 });
    expect(fleet.texts.some((text) => text.includes('Error: died at boot'))).toBe(by === 'throw');
  });
});

describe('a slave that dies in its `ready`', () => {
  it('right after it is started again, until one lives', async () => {
    const fleet = new Fleet([slave('dies-in-ready.mjs', { restart: 'on-failure', restartDelay: 0 })]);
    await fleet.says('survived');
    expect(fleet.launcher.processes[0]).toMatchObject({ state: 'running', incarnation: 3 });
    await fleet.launcher.stop();
    const life = [
      'started 1.1',
      'stopped 1.1 ended',
      'started 1.2',
      'stopped 1.2 ended',
      'started 1.3',
      'stopped 1.3 stopped',
    ];
    expect(fleet.events.filter((name) => name.startsWith('process_st'))).toEqual(life.map((name) => `process_${name}`));
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('in the middle of it: it was never ready, and has failed', async () => {
    const fleet = new Fleet([slave('dies-in-ready.mjs', { env: { HALF: '1' } })]);
    const exits = exitsOf(fleet);
    expect(await fleet.end).toEqual({ exitCode: 1 });
    expect(fleet.texts.slice(-2)).toEqual(['Ended by SIGKILL', 'Ended']);
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL', reason: 'ended', forced: false })]);
  });
});

describe('a slave that ends badly', () => {
  it.each([
    { by: 'exit', exit: { code: 7, signal: null } },
    { by: 'signal', exit: { code: null, signal: 'SIGSEGV' } },
    { by: 'throw', exit: { code: 1, signal: null } },
  ])('while it is asked to stop ($by) has stopped: exit code 0, no restart', async ({ by, exit }) => {
    const fleet = new Fleet([slave('exits-while-stopping.mjs', { restart: 'always', params: { by } })]);
    const exits = exitsOf(fleet);
    await fleet.says('working');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(exits).toEqual([expect.objectContaining({ ...exit, forced: false })]);
    expect(fleet.launcher.processes[0]).toMatchObject({ state: 'stopped', incarnation: 1 });
    expect(fleet.texts.some((text) => text.startsWith('Error: cannot stop'))).toBe(by === 'throw');
  });

  it('killed from outside in the moment in which all are asked to stop: all stop, exit code 0', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { restart: 'always', local: { instancesCount: 3 } })]);
    await fleet.says('sleeping', 3);
    const stopped = fleet.launcher.stop();
    process.kill(fleet.launcher.processes[1]!.pid!, 'SIGKILL');
    await stopped;
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.launcher.processes.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  });
});

it('a program that goes into the background has ended; its daemon holds up nobody', async () => {
  const fleet = new Fleet([program(`${process.execPath} ${fixture('forks-a-daemon.mjs')}`)]);
  const exits = exitsOf(fleet);
  const daemon = Number(/\d+/.exec(await fleet.says('daemon'))?.[0]);
  try {
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(exits).toEqual([expect.objectContaining({ code: 0, reason: 'ended', forced: false })]);
  } finally {
    // Where cgroup v2 is writable it is gone already: cgroup.test.ts has that.
    if (isAlive(daemon)) process.kill(daemon, 'SIGKILL');
  }
});
