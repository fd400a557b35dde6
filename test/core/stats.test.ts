import { expect, it } from 'vitest';
import { Fleet, slave } from '../support/fleet.js';
import { PlayedLauncher } from '../support/played-launcher.js';

it('a slave tells how it does every 5 s; while it sleeps its ping comes in the same piece', async () => {
  const launcher = new PlayedLauncher('sleeps.mjs');
  await launcher.hears('stats', 2);
  const pieces = launcher.pieces.filter((piece) => piece.some(({ type }) => type === 'stats'));
  // A slave that was slow to begin has only just sent its first ping when the first statistics are due.
  expect(pieces.map((piece) => piece.at(-1)!.type)).toEqual(['stats', 'stats']);
  expect(pieces[1]!.map(({ type }) => type)).toEqual(['ping', 'stats']);
  const second = pieces[1]![1]!;
  expect(second).toEqual({ type: 'stats', rss: expect.any(Number), cpu: expect.any(Number), lag: expect.any(Number) });
  expect(second.rss).toBeGreaterThan(10_000_000);
  expect(second.cpu).toBeLessThan(0.2);
  // Before that, its first ping may have come alone or with others; since then none came without statistics.
  const since = launcher.pieces.slice(launcher.pieces.indexOf(pieces[0]!));
  expect(since.filter((piece) => piece.every(({ type }) => type === 'ping'))).toEqual([]);
});

it('its lag tells that its event loop stood still', async () => {
  const launcher = new PlayedLauncher('turns.mjs', { params: { blockMs: 5500 } });
  await launcher.hears('stats');
  expect(launcher.messages.find(({ type }) => type === 'stats')!.lag).toBeGreaterThan(300);
});

it('statistics are no sign of life: a slave that only sends them is timed out', async () => {
  const timeoutMs = 6000;
  const fleet = new Fleet([slave('falls-silent.mjs', { timeout: timeoutMs / 1000 })], { maxProcessTimeout: 1 });
  await fleet.says('hello');
  const saidAt = performance.now();
  await fleet.tells('process_timedout 1.1');
  expect(performance.now() - saidAt).toBeLessThan(timeoutMs + 2000);
  expect(await fleet.end).toEqual({ exitCode: 1 });
});
