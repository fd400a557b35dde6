import { describe, expect, it } from 'vitest';
import { exitsOf } from '../support/exits.js';
import { Fleet, fixture, program, slave } from '../support/fleet.js';
import { eventually, isAlive, stateOf } from '../support/processes.js';

const ENFORCED = 'Timeout reached while waiting for soft stop...';
const SILENCE = 'Timeout reached while waiting for data...';

describe('a program that ignores SIGTERM', () => {
  const stubborn = program(`${process.execPath} ${fixture('ignores-sigterm.mjs')}`, { stopTimeout: 0.4 });

  it('has heard it, and is killed after its stop_timeout', async () => {
    const fleet = new Fleet([stubborn]);
    const exits = exitsOf(fleet);
    await fleet.says('ready');
    const begun = performance.now();
    await fleet.launcher.stop();
    expect(performance.now() - begun).toBeGreaterThan(390);
    expect(fleet.texts.slice(1)).toEqual(['Stopping...', 'heard SIGTERM', ENFORCED, 'Ended']);
    expect(exits).toEqual([
      expect.objectContaining({ code: null, signal: 'SIGKILL', reason: 'stop-timeout', forced: true }),
    ]);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('is killed at once when that is asked for while its stop_timeout runs', async () => {
    const fleet = new Fleet([{ ...stubborn, stopTimeout: 600 }]);
    const exits = exitsOf(fleet);
    await fleet.says('ready');
    const stopped = fleet.launcher.stop();
    await fleet.says('heard SIGTERM');
    await fleet.launcher.kill();
    await stopped;
    expect(fleet.texts).not.toContain(ENFORCED);
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL', reason: 'killed', forced: true })]);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('holds up nobody: each process has its own stop_timeout', async () => {
    const others = slave('sleeps.mjs', { name: 'Others', local: { instancesCount: 2 } });
    const fleet = new Fleet([{ ...stubborn, stopTimeout: 2 }, others]);
    await fleet.says('sleeping', 2);
    await fleet.says('ready');
    const stopped = fleet.launcher.stop();
    await fleet.tells('process_stopped 2.1 stopped');
    await fleet.tells('process_stopped 3.1 stopped');
    expect(fleet.launcher.processes[0]?.state).toBe('stopping');
    await stopped;
    expect(fleet.texts.filter((text) => text === ENFORCED)).toHaveLength(1);
  });
});

describe('a slave whose event loop is blocked', () => {
  it('but which speaks is alive; it is killed when it cannot hear the request to stop', async () => {
    const fleet = new Fleet([
      slave('blocks-its-loop.mjs', { timeout: 0.5, stopTimeout: 0.3, params: { printing: true } }),
    ]);
    const exits = exitsOf(fleet);
    await fleet.says('still here', 60);
    expect(fleet.texts).not.toContain(SILENCE);
    await fleet.launcher.stop();
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL', reason: 'stop-timeout', forced: true })]);
  });

  it('and which is silent is killed for that, though a stop has not been asked for', async () => {
    const fleet = new Fleet([slave('blocks-its-loop.mjs', { timeout: 0.4 })], { maxProcessTimeout: 2 });
    const exits = exitsOf(fleet);
    expect(await fleet.end).toEqual({ exitCode: 1 });
    expect(exits.map(({ reason, forced }) => ({ reason, forced }))).toEqual([
      { reason: 'timeout', forced: true },
      { reason: 'timeout', forced: true },
    ]);
  });
});

describe('a process that freezes itself', () => {
  it('is killed for its silence and started again', async () => {
    const fleet = new Fleet([slave('stops-itself.mjs', { timeout: 0.5, stopTimeout: 0.3 })]);
    const pid = numberIn(await fleet.says('freezing'));
    await fleet.says('freezing', 2);
    expect(isAlive(pid)).toBe(false);
    expect(fleet.events).toContain('process_stopped 1.1 timeout');
    await fleet.launcher.stop();
  });

  it('and for whose silence nobody waits (timeout 0) is killed when it does not hear the stop', async () => {
    const fleet = new Fleet([program(`sh -c 'echo freezing $$; kill -STOP $$'`, { stopTimeout: 0.3 })]);
    const exits = exitsOf(fleet);
    const pid = numberIn(await fleet.says('freezing'));
    await eventually('it is frozen', () => stateOf(pid) === 'T');
    await fleet.launcher.stop();
    expect(exits).toEqual([expect.objectContaining({ signal: 'SIGKILL', reason: 'stop-timeout', forced: true })]);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

function numberIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}
