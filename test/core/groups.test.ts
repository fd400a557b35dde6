import { describe, expect, it } from 'vitest';
import { program, slave } from '../support/fleet.js';
import { killWithWatchdog, startMaster, startMasterWithoutCgroups } from '../support/masters.js';
import { eventually, isAlive } from '../support/processes.js';

/** What is left of a run without a name nobody cleans up. */
const FLEET = { name: 'groups' };

/** Where there are cgroups they end all of this as well, and nobody would see that process groups do not. */
describe('without cgroups', () => {
  it('after its stop_timeout a process is killed with its whole process group', async () => {
    const stubborn = `sh -c 'trap "" TERM; (while :; do sleep 600; done) & echo up; while :; do sleep 600; done'`;
    const master = startMasterWithoutCgroups([program(stubborn, { stopTimeout: 0.3 })]);
    await master.says('up');
    master.send('SIGTERM', 'alone');
    expect((await master.end).output).toContain('Timeout reached while waiting for soft stop...');
    expect(master.size).toBe(0);
  });

  it('what a process leaves in its process group is killed when it has ended', async () => {
    const leaving = program(`sh -c 'sleep 600 >&- 2>&- & echo helper $! up'`, { name: 'Leaving' });
    const master = startMasterWithoutCgroups([leaving, slave('sleeps.mjs', { name: 'Staying' })]);
    await master.says('up');
    const helper = Number(/helper (\d+)/.exec(master.output)?.[1]);
    await master.says('Ended');
    await eventually('it is gone', () => !isAlive(helper));
    await master.says('sleeping');
    master.send('SIGTERM', 'alone');
    expect((await master.end).code).toBe(0);
  });

  it('a slave that falls silent is killed with its whole process group', async () => {
    const group = slave('ignores-stop.mjs', { timeout: 0.5, stopTimeout: 600 });
    const master = startMasterWithoutCgroups([group], { maxProcessTimeout: 1 });
    const { code, output } = await master.end;
    expect([code, master.size]).toEqual([1, 0]);
    expect(output).toContain('Timed out 1 times in a row, given up');
  });
});

describe.each([
  ['with cgroups', startMaster],
  ['without cgroups', startMasterWithoutCgroups],
])('%s, a master killed together with its watchdog', (_cgroups, start) => {
  it('has slaves that end by themselves, and what they have started with them', async () => {
    const stubborn = slave('ignores-stop.mjs', { name: 'Stubborn', stopTimeout: 0.5 });
    const helped = slave('works-with-a-helper.mjs', { stopTimeout: 600 });
    const master = start([helped, stubborn], FLEET);
    await master.says('helped');
    await master.says('ignoring');
    await killWithWatchdog(master);
    await eventually('nothing is left', () => master.size === 0);
    expect((await start([program('true')], FLEET).end).code).toBe(0);
  });
});
