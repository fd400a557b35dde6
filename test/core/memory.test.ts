import { describe, expect, it } from 'vitest';
import { exitsOf } from '../support/exits.js';
import { Fleet, program, slave } from '../support/fleet.js';

/** A slave of ours has 45 to 60 MB when it is empty. */
const eats = (memoryLimit: number, params: Record<string, number | boolean>) =>
  slave('eats-memory.mjs', { memoryLimit, params, stopTimeout: 600, timeout: 0 });

describe('a slave over its memory_limit', () => {
  it('may finish what it does, and starts again, though its group says never', async () => {
    const fleet = new Fleet([eats(150, { step: 20, pause: 0.1, most: 120 })]);
    const exits = exitsOf(fleet);
    await fleet.says('eating 2');
    expect(fleet.texts).toContain('drained 1');
    expect(fleet.texts).toContainEqual(
      expect.stringMatching(/^Has 1[5-9]\d MB of memory, its limit is 150 MB, stopping it for a fresh start$/),
    );
    await fleet.launcher.stop();
    expect(exits[0]).toMatchObject({ code: 0, signal: null, reason: 'memory-limit', forced: false });
    expect(exits[0]!.rss).toBeGreaterThanOrEqual(150);
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('by half as much again is killed at once', async () => {
    const fleet = new Fleet([eats(100, { step: 200, pause: 0, most: 200, stubborn: true })]);
    const exits = exitsOf(fleet);
    await fleet.says('eating 2');
    await fleet.launcher.kill();
    expect(fleet.texts).toContainEqual(
      expect.stringMatching(/^Has 2\d\d MB of memory, its limit is 100 MB, force kill$/),
    );
    expect(exits[0]).toMatchObject({ code: null, signal: 'SIGKILL', reason: 'memory-limit', forced: true });
  });

  it('and growing on while it was asked to stop is killed at 1.5 times of it, long before its stop_timeout', async () => {
    const fleet = new Fleet([eats(150, { step: 10, pause: 0.25, most: 400, stubborn: true })]);
    const exits = exitsOf(fleet);
    await fleet.says('eating 2');
    await fleet.launcher.kill();
    const said = fleet.texts.filter((text) => text.startsWith('Has '));
    expect(said).toEqual([
      expect.stringMatching(/stopping it for a fresh start$/),
      expect.stringMatching(/force kill$/),
    ]);
    expect(exits[0]).toMatchObject({ signal: 'SIGKILL', reason: 'memory-limit', forced: true });
    expect(exits[0]!.rss).toBeGreaterThanOrEqual(225);
  });

  it('that cannot tell of it, its event loop blocked, is measured all the same', async () => {
    const fleet = new Fleet([eats(100, { most: 200, blocked: true })]);
    const exits = exitsOf(fleet);
    await fleet.says('eating 2');
    await fleet.launcher.kill();
    expect(exits[0]).toMatchObject({ signal: 'SIGKILL', reason: 'memory-limit', forced: true });
  });

  it('time and again is started again more and more slowly, but not given up', async () => {
    const fleet = new Fleet([{ ...eats(60, { step: 30, pause: 0, most: 30 }), restartDelay: 0.2, maxRestarts: 1 }]);
    await fleet.says('eating 4');
    const delays = fleet.texts.filter((text) => text.startsWith('Restarting in'));
    const [first = 0, second = 0, third = 0] = delays.map((text) => Number(/[\d.]+/.exec(text)?.[0]));
    // Each is 20 % shorter to 20 % longer, and told with one decimal.
    expect(first).toBeCloseTo(0.2);
    expect(Math.abs(second - 0.4)).toBeLessThan(0.15);
    expect(Math.abs(third - 0.8)).toBeLessThan(0.25);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

it('a slave below its memory_limit is left alone', async () => {
  const fleet = new Fleet([eats(400, { step: 20, pause: 0.1, most: 60 })]);
  await heartbeats(fleet, 3);
  await fleet.launcher.stop();
  expect(fleet.events.filter((name) => name.startsWith('process_st'))).toEqual([
    'process_started 1.1',
    'process_stopped 1.1 stopped',
  ]);
});

it('a program of its own over its memory_limit gets SIGTERM and is started again', async () => {
  const eat = 'const eaten = []; setInterval(() => eaten.length < 4 && eaten.push(Buffer.alloc(20971520, 1)), 20)';
  const fleet = new Fleet([program(`${process.execPath} -e '${eat}'`, { memoryLimit: 100 })]);
  const exits = exitsOf(fleet);
  await fleet.tells('process_started 1.2');
  await fleet.launcher.stop();
  expect(exits[0]).toMatchObject({ signal: 'SIGTERM', reason: 'memory-limit', forced: false });
  expect(await fleet.end).toEqual({ exitCode: 0 });
});

/** Once a second the launcher measures and then says that it runs. */
function heartbeats(fleet: Fleet, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    fleet.launcher.on('master_running', () => --left === 0 && resolve());
  });
}
