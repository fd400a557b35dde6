import { expect, it } from 'vitest';
import { exitsOf } from '../support/exits.js';
import { Fleet, program, slave } from '../support/fleet.js';

const AGE = 1;

it('at max_age a slave ends its work and starts again, whatever restart says, and that is no failure', async () => {
  const fleet = new Fleet([slave('sleeps.mjs', { maxAge: AGE, maxRestarts: 0 })]);
  const exits = exitsOf(fleet);
  const lives: number[] = [];
  let begun = 0;
  fleet.launcher.on('process_started', () => (begun = performance.now()));
  fleet.launcher.on('process_stopped', () => lives.push(performance.now() - begun));
  await fleet.says('sleeping', 3);
  expect(fleet.texts.filter((text) => text.startsWith('woke'))).toHaveLength(2);
  await fleet.launcher.stop();
  expect(exits.slice(0, 2)).toEqual([
    expect.objectContaining({ code: 0, reason: 'max-age', forced: false }),
    expect.objectContaining({ code: 0, reason: 'max-age', forced: false }),
  ]);
  for (const life of lives.slice(0, 2)) expect(life).toBeGreaterThan(AGE * 900);
  expect(fleet.texts.some((text) => text.startsWith('Restart'))).toBe(false);
  expect(await fleet.end).toEqual({ exitCode: 0 });
});

it('what was asked to go for its age and does not is killed after its stop_timeout, and starts again', async () => {
  const fleet = new Fleet([slave('ignores-stop.mjs', { maxAge: AGE, stopTimeout: 0.3 })]);
  const exits = exitsOf(fleet);
  await fleet.says('ignoring', 2);
  await fleet.launcher.kill();
  expect(exits[0]).toMatchObject({ signal: 'SIGKILL', reason: 'max-age', forced: true });
  expect(fleet.texts).toContain('Timeout reached while waiting for soft stop...');
});

it('a program of its own gets SIGTERM for its age', async () => {
  const fleet = new Fleet([program('sleep 1000', { maxAge: AGE })]);
  const exits = exitsOf(fleet);
  await fleet.tells('process_started 1.2');
  await fleet.launcher.stop();
  expect(exits[0]).toMatchObject({ signal: 'SIGTERM', reason: 'max-age', forced: false });
  expect(await fleet.end).toEqual({ exitCode: 0 });
});

it('asked to stop for its age while the launcher stops, it is not started again', async () => {
  const fleet = new Fleet([slave('sleeps.mjs', { maxAge: AGE, params: { lingerMs: 500 } })]);
  await fleet.says('woke');
  await fleet.launcher.stop();
  expect(fleet.events.filter((name) => name.startsWith('process_st'))).toEqual([
    'process_started 1.1',
    'process_stopped 1.1 max-age',
  ]);
  expect(await fleet.end).toEqual({ exitCode: 0 });
});
