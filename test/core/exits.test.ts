import { describe, expect, it } from 'vitest';
import type { ProcessExit } from '@distributed-architecture/core';
import { exitsOf } from '../support/exits.js';
import { Fleet, program, slave } from '../support/fleet.js';
import { residentMb } from '../support/processes.js';

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

async function exitsOfRun(...groups: ConstructorParameters<typeof Fleet>[0]): Promise<ProcessExit[]> {
  const fleet = new Fleet(groups);
  const exits = exitsOf(fleet);
  await fleet.end;
  return exits;
}

describe('the exit record', () => {
  it('has the code and the last ten lines', async () => {
    const [exit] = await exitsOfRun(program(`sh -c 'seq 1000; exit 3'`));
    expect(exit).toMatchObject({ code: 3, signal: null, reason: 'ended', forced: false });
    expect(exit!.lastLines).toEqual(numbers(991, 1000));
  });

  it('has the signal, and fewer lines when fewer were said', async () => {
    const [exit] = await exitsOfRun(program(`sh -c 'echo one >&2; printf two; kill -SEGV $$'`));
    expect(exit).toMatchObject({ code: null, signal: 'SIGSEGV', reason: 'ended', forced: false });
    expect(exit!.lastLines?.toSorted()).toEqual(['one', 'two']);
  });

  it('has what a slave has logged, and the error that ended it', async () => {
    const [exit] = await exitsOfRun(
      slave('last-words.mjs', { params: { via: 'logger', end: 'reject', lines: 3, size: 1 } }),
    );
    expect(exit!.code).toBe(1);
    expect(exit!.lastLines).toContain('Error: failed work');
  });

  it('has the lines of its own incarnation only', async () => {
    const crashing = program(`sh -c 'echo $$; exit 1'`, { restart: 'on-failure', restartDelay: 0, maxRestarts: 2 });
    const exits = await exitsOfRun(crashing);
    expect(exits.map(({ lastLines }) => lastLines?.length)).toEqual([1, 1, 1]);
    expect(new Set(exits.flatMap(({ lastLines }) => lastLines)).size).toBe(3);
  });

  it('has no lines but the reason when it could not be started', async () => {
    const [exit] = await exitsOfRun(program('no-such-program-at-all'));
    expect(exit).toMatchObject({ code: null, signal: null, reason: 'spawn-failed', forced: false });
    expect(exit!.error).toContain('ENOENT');
    expect(exit!.lastLines ?? []).toEqual([]);
  });

  it('has the memory as it was when it was last measured', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { memoryLimit: 10_000 })]);
    const exits = exitsOf(fleet);
    await fleet.says('sleeping');
    // An agent measures at heartbeats of its own.
    await new Promise((resolve) => {
      let heartbeats = 0;
      fleet.launcher.on('master_running', () => ++heartbeats === 3 && resolve(undefined));
    });
    const megabytes = residentMb(fleet.launcher.processes[0]!.pid!);
    await fleet.launcher.stop();
    expect(exits[0]!.rss).toBeGreaterThan(megabytes * 0.8);
    expect(exits[0]!.rss).toBeLessThan(megabytes * 1.2);
  });

  it('says stopped first and last, though somebody else killed it in the meantime', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { params: { lingerMs: 60_000 } })]);
    const exits = exitsOf(fleet);
    await fleet.says('sleeping');
    const stopped = fleet.launcher.stop();
    await fleet.says('woke');
    process.kill(fleet.launcher.processes[0]!.pid!, 'SIGKILL');
    await stopped;
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL', reason: 'stopped', forced: false })]);
  });
});

describe('restarts', () => {
  it('wait 0, 100, 200 and 400 ms, +-20 %, and end with the give-up', async () => {
    const fleet = new Fleet([program('false', { restart: 'on-failure', maxRestarts: 4 })]);
    const waits: number[] = [];
    let endedAt: number | undefined;
    fleet.launcher.on('process_stopped', () => (endedAt = performance.now()));
    fleet.launcher.on('process_started', () => endedAt !== undefined && waits.push(performance.now() - endedAt));
    expect(await fleet.end).toEqual({ exitCode: 1 });
    expect(waits).toHaveLength(4);
    for (const [index, delay] of [0, 100, 200, 400].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(delay * 0.79);
      expect(waits[index]).toBeLessThan(delay * 1.2 + 500);
    }
    expect(fleet.texts.at(-1)).toBe('Restarted 4 times in 60 s, given up');
    expect(fleet.launcher.processes[0]?.state).toBe('failed');
  });

  it('without delay, 1,100 times: there is no delay to the last', async () => {
    const fleet = new Fleet([program('false', { restart: 'always', restartDelay: 0, maxRestarts: 1_000_000 })]);
    await fleet.tells('process_started 1.1101');
    await fleet.launcher.stop();
    expect(new Set(fleet.texts)).toEqual(new Set(['Exited with code 1', 'Ended', 'Restarting', 'Stopping...']));
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('longer ago than the restart_window are forgotten', async () => {
    const short = program(`sh -c 'sleep 0.3; exit 1'`, {
      restart: 'on-failure',
      restartDelay: 0,
      maxRestarts: 2,
      restartWindow: 0.5,
    });
    const fleet = new Fleet([short]);
    await fleet.tells('process_started 1.6');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('that are waited for do not hold up a stop', async () => {
    const fleet = new Fleet([program('false', { restart: 'on-failure', restartDelay: 600 })]);
    await fleet.until('it waits', () => fleet.launcher.processes[0]?.state === 'backoff');
    await fleet.launcher.stop();
    expect(fleet.launcher.processes[0]).toMatchObject({ state: 'stopped', incarnation: 1 });
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('of one process are no matter of the others in its group', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { restart: 'on-failure', local: { instancesCount: 3 } })]);
    await fleet.says('sleeping', 3);
    const [, second] = fleet.launcher.processes;
    process.kill(second!.pid!, 'SIGKILL');
    await fleet.says('sleeping', 4);
    expect(fleet.launcher.processes.map(({ incarnation }) => incarnation)).toEqual([1, 2, 1]);
    expect(second).toMatchObject({ id: 2, groupId: 2, groupCount: 3 });
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});
