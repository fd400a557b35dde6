import { describe, expect, it } from 'vitest';
import { Fleet, program, slave } from '../support/fleet.js';
import { eventually, isAlive, stateOf } from '../support/processes.js';

/** The number at the end of a line. */
function numberIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}

describe('a clean stop', () => {
  it('sleep returns false within 50 ms, exit code 0', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { local: { instancesCount: 2 } })]);
    await fleet.says('sleeping', 2);
    await fleet.launcher.stop();
    const delays = fleet.texts.filter((text) => text.startsWith('woke')).map(numberIn);
    expect(delays).toHaveLength(2);
    expect(Math.max(...delays)).toBeLessThan(50);
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.events.slice(-3).toSorted()).toEqual([
      'master_stopped',
      'process_stopped 1.1 stopped',
      'process_stopped 2.1 stopped',
    ]);
  });

  it('SIGTERM to a slave stops that one cleanly', async () => {
    const fleet = new Fleet([slave('sleeps.mjs')]);
    process.kill(numberIn(await fleet.says('sleeping')), 'SIGTERM');
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.texts).toContainEqual(expect.stringMatching(/^woke after/));
    expect(fleet.events).toContain('process_stopped 1.1 ended');
  });

  it('in the middle of the start: each slave boots, sees it and ends', async () => {
    const env = { BOOT_MS: '1500' };
    const fleet = new Fleet([slave('boots-slowly.mjs', { env, local: { instancesCount: 5 } })]);
    await fleet.tells('process_started 1.1');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(fleet.events).toContain('process_stopped 1.1 stopped');
    expect(fleet.texts.filter((text) => text !== 'Ended')).toEqual(['Stopping...']);
  });

  it('after the running time', async () => {
    // It is up by then, also behind SSH on a busy machine.
    const fleet = await Fleet.run([slave('sleeps.mjs')], { maxRunningTime: 3 });
    expect(fleet.exitCode).toBe(0);
    expect(fleet.texts[0]).toMatch(/^sleeping/);
    expect(fleet.texts[1]).toBe('Stopping...');
  });

  it('a program of its own gets SIGTERM, with all of its process group', async () => {
    const fleet = new Fleet([program(`sh -c 'sleep 1000 & echo "child $!"; wait'`)]);
    const child = numberIn(await fleet.says('child'));
    await fleet.launcher.stop();
    expect(isAlive(child)).toBe(false);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a stop that has to be enforced', () => {
  it('after stop_timeout the whole process group is killed', async () => {
    const fleet = new Fleet([slave('ignores-stop.mjs', { stopTimeout: 0.3 })]);
    const child = numberIn(await fleet.says('child'));
    await fleet.says('ignoring');
    await fleet.launcher.stop();
    expect(fleet.texts).toContain('Timeout reached while waiting for soft stop...');
    await eventually('the child is gone', () => !isAlive(child));
    expect(fleet.events).toContain('process_stopped 1.1 stop-timeout');
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('a slave that lingers after its work is killed after stop_timeout, and counts as done', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { stopTimeout: 0.3, params: { lingerMs: 60_000 } })]);
    await fleet.says('sleeping');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('kill ends all at once', async () => {
    const fleet = new Fleet([slave('ignores-stop.mjs', { local: { instancesCount: 2 } })]);
    const children = [await fleet.says('child'), await fleet.says('child', 2)].map(numberIn);
    await fleet.says('ignoring', 2);
    await fleet.launcher.kill();
    await eventually('the children are gone', () => !children.some(isAlive));
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('a process that is frozen is killed as well', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { stopTimeout: 0.3 })]);
    const pid = numberIn(await fleet.says('sleeping'));
    process.kill(pid, 'SIGSTOP');
    await eventually('it is frozen', () => stateOf(pid) === 'T');
    await fleet.launcher.stop();
    expect(fleet.events).toContain('process_stopped 1.1 stop-timeout');
  });
});

describe('what a slave leaves behind', () => {
  it('in its process group ends with it', async () => {
    const fleet = await Fleet.run([slave('leaves-grandchild.mjs')]);
    const child = numberIn(fleet.texts[0]!);
    await eventually('the grandchild is gone', () => !isAlive(child));
    expect(fleet.exitCode).toBe(0);
  });

  it('outside of it does not hold up the launcher, though it holds the output open', async () => {
    const fleet = await Fleet.run([slave('leaves-grandchild.mjs', { params: { detached: true } })]);
    expect(fleet.exitCode).toBe(0);
    process.kill(numberIn(fleet.texts[0]!), 'SIGKILL');
  });
});
