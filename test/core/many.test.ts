import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { Fleet, fixture, program, slave } from '../support/fleet.js';

const descriptors = (): number => readdirSync('/proc/self/fd').length;

it('200 restarts leave no file descriptor behind', async () => {
  // What the first fleet of a test opens once, such as a way to an agent, is no leak.
  await Fleet.run([program('true')]);
  const before = descriptors();
  const group = program('false', { restart: 'on-failure', restartDelay: 0, maxRestarts: 200 });
  const fleet = await Fleet.run([group]);
  expect(fleet.events.filter((name) => name.startsWith('process_started'))).toHaveLength(201);
  expect(descriptors()).toBeLessThanOrEqual(before);
});

it('50 slaves start, speak and stop', async () => {
  const fleet = new Fleet([slave('sleeps.mjs', { local: { instancesCount: 50 } })]);
  await fleet.says('sleeping', 50);
  await fleet.launcher.stop();
  expect(await fleet.end).toEqual({ exitCode: 0 });
  expect(fleet.texts.filter((text) => text.startsWith('woke'))).toHaveLength(50);
});

it('without file descriptors to spare some cannot be started, the others run and end', async () => {
  const group = program('sleep 0.5', { local: { instancesCount: 60 } });
  const run = `ulimit -n 64; exec node "$0" "$1"`;
  const args = ['-c', run, fixture('master.mjs'), JSON.stringify({ groups: [group], options: {} })];
  const { code, output } = await new RunningProgram('sh', args, { cwd: repository }).end;
  expect(code).toBe(1);
  const failed = output.match(/Could not be started: spawn sleep EMFILE/g)?.length ?? 0;
  const ended = output.match(/ Ended\n/g)?.length ?? 0;
  expect(failed).toBeGreaterThan(0);
  expect(ended).toBeGreaterThan(0);
  expect(failed + ended).toBe(60);
});

it('stopped or killed at any moment of a fleet whose processes crash all the time, it ends', async () => {
  for (let round = 0; round < 8; round++) {
    const crashing = { restart: 'always', restartDelay: 0, maxRestarts: 10_000, local: { instancesCount: 3 } } as const;
    const fleet = new Fleet([slave('crashes.mjs', crashing), program('false', { name: 'Programs', ...crashing })]);
    await fleet.until('some restarts', () => fleet.events.length > 20 + 7 * round);
    await (round % 2 === 0 ? fleet.launcher.stop() : fleet.launcher.kill());
    expect(await fleet.end).toEqual({ exitCode: 0 });
    const ends = fleet.events.filter((name) => name.startsWith('process_stopped'));
    expect(ends).toHaveLength(fleet.events.filter((name) => name.startsWith('process_started')).length);
  }
});
