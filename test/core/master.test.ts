import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import type { GroupOptions, LauncherOptions } from '@distributed-architecture/core';
import { programEnv } from '../setup/run-to-end.js';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { WITHOUT_CACHE, fixture, program, slave } from '../support/fleet.js';
import { eventually, residentMb } from '../support/processes.js';

function masterArguments(groups: readonly GroupOptions[], options: LauncherOptions): string[] {
  return [fixture('master.mjs'), JSON.stringify({ groups, options })];
}

function master(groups: readonly GroupOptions[], options: LauncherOptions = {}): RunningProgram {
  return new RunningProgram('node', masterArguments(groups, options), { cwd: repository, env: WITHOUT_CACHE });
}

describe('exit codes of a plain script as master', () => {
  it('0 when all ended well, with log lines in the form of the contract', async () => {
    const { code, output } = await master([program('echo hello', { name: 'First Group' })]).end;
    expect(code).toBe(0);
    const line =
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z log \[First Group\] \[localhost\] \[echo hello\/1\/1\] hello$/m;
    expect(output).toMatch(line);
  });

  it('1 when one failed for good', async () => {
    expect((await master([program('false'), program('true', { name: 'Other' })]).end).code).toBe(1);
  });

  it('0 after a clean stop by SIGTERM', async () => {
    const running = master([slave('sleeps.mjs', { local: { instancesCount: 3 } })]);
    await running.says('sleeping', 3);
    running.send('SIGTERM', 'alone');
    expect((await running.end).code).toBe(0);
  });
});

describe('a master that dies', () => {
  it('by kill -9: every slave ends by itself', async () => {
    const running = master([
      slave('sleeps.mjs', { local: { instancesCount: 2 } }),
      slave('ignores-stop.mjs', { name: 'Stubborn', stopTimeout: 0.5 }),
    ]);
    await running.says('sleeping', 2);
    await running.says('ignoring');
    running.send('SIGKILL', 'alone');
    await eventually('all are gone', () => running.size === 0);
    expect((await running.end).output).not.toContain('master ended');
  });

  it('by kill -9: what a slave has started ends with it, though it ended cleanly', async () => {
    const running = master([slave('works-with-a-helper.mjs', { stopTimeout: 600 })]);
    await running.says('helped');
    running.send('SIGKILL', 'alone');
    await eventually('all are gone', () => running.size === 0);
    expect((await running.end).output).not.toContain('master ended');
  });

  it('by kill -9: a slave whose stop_timeout no timer can hold finishes its work', async () => {
    const result = join(await temporaryFolder(), 'result');
    const running = master([slave('finishes-work.mjs', { stopTimeout: 31_536_000, params: { result } })]);
    await running.says('working');
    running.send('SIGKILL', 'alone');
    await eventually('it is gone', () => running.size === 0);
    expect(existsSync(result)).toBe(true);
  });

  it('by kill -9: a slave finishes its work, though nobody hears it any more', async () => {
    const result = join(await temporaryFolder(), 'result');
    const running = master([slave('finishes-work.mjs', { params: { result } })]);
    await running.says('working');
    running.send('SIGKILL', 'alone');
    await eventually('it is gone', () => running.size === 0);
    expect(existsSync(result)).toBe(true);
  });

  it('of a reader of its log that is gone it does not die: its slaves work on, and stop when asked', async () => {
    const args = masterArguments([slave('counts.mjs', { params: { lines: 1e9 } })], {});
    const child = spawn('node', args, {
      cwd: repository,
      env: programEnv(WITHOUT_CACHE),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const errors = createInterface({ input: child.stderr });
    child.kill('SIGTERM');
    const said: string[] = [];
    for await (const line of errors) said.push(line);
    expect(said).toEqual(['master runs', 'The log cannot be written any more: write EPIPE', 'master ended 0']);
  });
});

describe('a master whose log is not read', () => {
  const LINES = 300_000;

  it('pauses its slaves, needs no more memory, takes nobody for silent and loses nothing', async () => {
    const group = slave('counts.mjs', { timeout: 0.5, params: { lines: LINES }, local: { instancesCount: 2 } });
    const child = spawn('node', masterArguments([group], { timeout: 1 }), {
      cwd: repository,
      env: programEnv(WITHOUT_CACHE),
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const lines = createInterface({ input: child.stdout });
    const next: Record<string, number> = {};
    let read = 0;
    const resumed = Promise.withResolvers<void>();
    lines.on('line', (line) => {
      if (read++ === 1000) {
        lines.pause();
        resumed.resolve();
      }
      const [, display = '', number] = /\[(work\/[^\]]*)\] (\d+) x/.exec(line) ?? [];
      if (number === undefined) return;
      expect(Number(number)).toBe(next[display] ?? 0);
      next[display] = Number(number) + 1;
    });
    await resumed.promise;
    // Longer than every timeout: the launcher's own clock is what this test is about.
    const [begun, memory] = [performance.now(), residentMb(child.pid!)];
    await eventually('the pause is over', () => performance.now() - begun > 3000);
    expect(residentMb(child.pid!)).toBeLessThan(memory + 30);
    lines.resume();
    const [code] = await once(child, 'close');
    expect(errors).toBe('master runs\nmaster ended 0\n');
    expect(code).toBe(0);
    expect(next).toEqual({ 'work/1/1': LINES, 'work/2/2': LINES });
  });
});

it('a master that was frozen (Ctrl-Z) takes nobody for silent', async () => {
  const running = master([slave('sleeps.mjs', { timeout: 1, local: { instancesCount: 3 } })], { timeout: 2 });
  await running.says('sleeping', 3);
  const begun = performance.now();
  running.send('SIGSTOP', 'alone');
  await eventually('the pause is over', () => performance.now() - begun > 3000);
  running.send('SIGCONT', 'alone');
  running.send('SIGTERM', 'alone');
  const { code, output } = await running.end;
  expect(output).not.toContain('Timeout');
  expect(code).toBe(0);
});
