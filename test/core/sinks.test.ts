import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TextLogSink } from '@distributed-architecture/core';
import { programEnv } from '../setup/run-to-end.js';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { Fleet, WITHOUT_CACHE, fixture, program, slave } from '../support/fleet.js';
import { childrenOf, isAlive } from '../support/processes.js';
import { freeBytes, tinyDisk } from '../support/tiny-disk.js';

const COUNTING = slave('counts.mjs', { params: { lines: 1e9 } });

it('a log on a disk that is full: master and processes go on, what was written is whole, and all stop when asked', async () => {
  const folder = await tinyDisk(262_144);
  const log = join(folder, 'master.log');
  const args = [fixture('master.mjs'), JSON.stringify({ groups: [COUNTING] }), log];
  const run = ['-c', 'exec node "$0" "$1" > "$2"', ...args];
  const master = new RunningProgram('sh', run, { cwd: repository, env: WITHOUT_CACHE });
  await master.says('cannot be written any more');
  expect(freeBytes(folder)).toBe(0);
  expect(master.size).toBeGreaterThan(1);
  master.send('SIGTERM', 'alone');
  const { code, output } = await master.end;
  expect(output.split('\n')).toEqual([
    'master runs',
    'The log cannot be written any more: ENOSPC: no space left on device, write',
    'master ended 0',
    '',
  ]);
  expect(code).toBe(0);
  const numbers = [...readFileSync(log, 'utf8').matchAll(/\] (\d+) x+\n/g)].map(([, number]) => Number(number));
  expect(numbers.length).toBeGreaterThan(100);
  expect(numbers).toEqual(numbers.map((_, index) => index));
});

it('a log stream that fails: processes work on, are restarted and stop', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken')) });
  const crashing = program('false', { name: 'Crashing', restart: 'on-failure', restartDelay: 0, maxRestarts: 3 });
  const fleet = new Fleet([slave('sleeps.mjs'), crashing], { logger: new TextLogSink(broken) });
  await fleet.tells('process_stopped 2.4 ended');
  const ready = Promise.withResolvers<void>();
  fleet.launcher.on('process_running', () => ready.resolve());
  await ready.promise;
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 1 });
});

it('readers of stdout and stderr that go away while all is in full flow: all work on and stop when asked', async () => {
  const loud = program(`sh -c 'while :; do echo line; done'`, { name: 'Loud' });
  const master = spawn('node', [fixture('quiet-master.mjs'), JSON.stringify([COUNTING, loud])], {
    cwd: repository,
    env: programEnv(WITHOUT_CACHE),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void master.kill('SIGKILL'));
  await once(master.stdout, 'data');
  const running = childrenOf(master.pid!);
  master.stdout.destroy();
  master.stderr.destroy();
  expect(running.length).toBeGreaterThanOrEqual(2);
  master.kill('SIGTERM');
  expect(await once(master, 'exit')).toEqual([0, null]);
  expect(running.filter(isAlive)).toEqual([]);
});

describe.each(['throw', 'reject', 'sink throws', 'sink rejects'])("a user's logger out of order: %s", (how) => {
  it('ends neither the master nor what it runs', async () => {
    const groups = [
      slave('sleeps.mjs'),
      program('echo line', { name: 'Program', restart: 'always', restartDelay: 0, maxRestarts: 3 }),
    ];
    const args = [fixture('bad-logger.mjs'), JSON.stringify(groups)];
    const master = new RunningProgram('node', args, { cwd: repository, env: { ...WITHOUT_CACHE, HOW: how } });
    await master.says('ended 2.4');
    master.send('SIGTERM', 'alone');
    const { code, output } = await master.end;
    expect(output).toContain('master ended 1\n');
    expect(output).not.toContain('out of order');
    expect(code).toBe(1);
  });
});
