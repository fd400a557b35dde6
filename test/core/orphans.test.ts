import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { fixture, program, slave } from '../support/fleet.js';
import { killWithWatchdog, startMaster, startMasterWithoutCgroups, watchdogOf } from '../support/masters.js';
import { eventually } from '../support/processes.js';

const FLEET = { name: 'orphans' };

/** How many rounds of killing a master in the midst of its starts. */
const ROUNDS = 6;

function oneAtATime(file: string, answer: 'obeys' | 'ignores', options: Partial<GroupOptions> = {}): GroupOptions {
  return program(`sh ${fixture('one-at-a-time.sh')} ${file} ${answer}`, options);
}

/** Lines of a file; none when there is no such file. */
async function linesOf(file: string): Promise<string[]> {
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean) : [];
}

describe.each([
  ['with cgroups', startMaster],
  ['without cgroups', startMasterWithoutCgroups],
])('%s, a master killed by kill -9 leaves nothing of', (_cgroups, start) => {
  const cases: readonly [string, string, GroupOptions][] = [
    ['a program that sleeps', 'up', program(`sh -c 'echo up; exec sleep 600'`)],
    [
      'a program that ignores SIGTERM',
      'ready',
      program(`node ${fixture('ignores-sigterm.mjs')}`, { stopTimeout: 0.5 }),
    ],
    [
      'a program with helpers in its group',
      'up',
      program(`sh -c 'sleep 600 & sleep 600 & echo up; trap "" TERM; sleep 600; sleep 600'`, { stopTimeout: 0.5 }),
    ],
    [
      'a helper that ignores SIGTERM when its program does not',
      'up',
      program(`sh -c '(trap "" TERM; echo up; while :; do sleep 600; done) & sleep 600'`, { stopTimeout: 600 }),
    ],
    ['a slave in a synchronous loop', 'blocking', slave('blocks-its-loop.mjs', { stopTimeout: 0.5 })],
    ['a slave that ignores the stop, and its child', 'ignoring', slave('ignores-stop.mjs', { stopTimeout: 0.5 })],
  ];

  it.each(cases)('%s', async (_title, ready, group) => {
    const master = start([group]);
    await master.says(ready);
    master.send('SIGKILL', 'alone');
    await eventually('all are gone', () => master.size === 0);
    expect(master.output).not.toContain('Stopping');
  });

  it('a program that was asked to stop and takes its time: it is asked once, and ends by itself', async () => {
    const file = join(await temporaryFolder(), 'lives');
    const master = start([oneAtATime(file, 'obeys', { stopTimeout: 20 })]);
    await master.says('up');
    master.send('SIGKILL', 'alone');
    await eventually('all are gone', () => master.size === 0);
    expect(await linesOf(`${file}.asked`)).toEqual(['asked']);
  });

  it('programs that are just being started', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const group = program('sleep 600', { local: { instancesCount: 20 }, stopTimeout: 0.5 });
      const master = start([program(`sh -c 'echo up; exec sleep 600'`, { name: 'First' }), group]);
      await master.says('up');
      await eventually('some of them were started', () => master.size > 2 + round);
      master.send('SIGKILL', 'alone');
      await eventually('all are gone', () => master.size === 0);
      expect(master.output).not.toContain('Stopping');
    }
  });
});

describe('the watchdog', () => {
  it('killed alone is replaced, and its successor ends all when the master is killed', async () => {
    const master = startMaster([program(`sh -c 'echo up; exec sleep 600'`)]);
    await master.says('up');
    const first = await watchdogOf(master);
    process.kill(first, 'SIGKILL');
    await master.says('The watchdog was ended by SIGKILL, starting another');
    await watchdogOf(master, first);
    master.send('SIGKILL', 'alone');
    await eventually('all are gone', () => master.size === 0);
    expect(master.output).not.toContain('Stopping');
  });

  it('ignores what a terminal or a service manager sends to all, and ends with a clean stop', async () => {
    const master = startMaster([slave('sleeps.mjs')]);
    await master.says('sleeping');
    const watchdog = await watchdogOf(master);
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(watchdog, signal);
    master.send('SIGTERM', 'alone');
    const { code, output } = await master.end;
    expect(code).toBe(0);
    expect(output).not.toContain('watchdog');
    expect(master.size).toBe(0);
  });
});

describe.each([
  ['with cgroups', startMaster],
  ['without cgroups', startMasterWithoutCgroups],
])('%s, a master whose predecessor died together with its watchdog', (_cgroups, start) => {
  it('ends what it left before it starts anything', async () => {
    const folder = await temporaryFolder();
    const files = ['a', 'b'].map((name) => join(folder, name));
    const groups = files.map((file) => oneAtATime(file, 'obeys', { name: file }));
    const first = start(groups, FLEET);
    await first.says('up', 2);
    await killWithWatchdog(first);
    expect(first.size).toBeGreaterThanOrEqual(2);
    const second = start(groups, FLEET);
    await second.says('up', 2);
    second.send('SIGTERM', 'alone');
    const { code, output } = await second.end;
    expect(code).toBe(0);
    expect(output).toContain(`The master before (pid ${first.pid}) has died, ending what it has left: 2 processes`);
    expect(output).toMatch(/Process 1\.1 \(pid \d+\) of the master before has ended/);
    for (const file of files) expect([await linesOf(`${file}.met`), (await linesOf(file)).length]).toEqual([[], 2]);
    expect(first.size).toBe(0);
  });

  it('kills what does not end by itself within its stop_timeout, also a slave', async () => {
    const file = join(await temporaryFolder(), 'lives');
    const stubborn = slave('blocks-its-loop.mjs', { name: 'Blocked', stopTimeout: 1 });
    const first = start([oneAtATime(file, 'ignores', { stopTimeout: 1 }), stubborn], FLEET);
    await first.says('up');
    await first.says('blocking');
    await killWithWatchdog(first);
    const second = start([oneAtATime(file, 'obeys')], FLEET);
    await second.says('up');
    second.send('SIGTERM', 'alone');
    const { output } = await second.end;
    expect(output.match(/of the master before was killed after its stop_timeout/g)).toHaveLength(2);
    expect(await linesOf(`${file}.met`)).toEqual([]);
    expect(first.size).toBe(0);
  });

  it('killed while it does that: its successor finishes it, and starts nothing before', async () => {
    const file = join(await temporaryFolder(), 'lives');
    const first = start([oneAtATime(file, 'ignores', { stopTimeout: 1.5 })], FLEET);
    await first.says('up');
    await killWithWatchdog(first);
    const second = start([oneAtATime(file, 'obeys')], FLEET);
    await second.says('ending what it has left');
    second.send('SIGKILL', 'alone');
    const third = start([oneAtATime(file, 'obeys')], FLEET);
    await third.says('up');
    third.send('SIGTERM', 'alone');
    expect((await third.end).code).toBe(0);
    expect(await linesOf(`${file}.met`)).toEqual([]);
    expect(await linesOf(file)).toHaveLength(2);
    await eventually('all are gone', () => first.size + second.size === 0);
  });
});
