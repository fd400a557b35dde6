import { describe, expect, it } from 'vitest';
import { Fleet, program, slave } from '../support/fleet.js';

const SILENCE = 'Timeout reached while waiting for data...';

describe('a slave that falls silent', () => {
  it.each([{ blocked: false }, { blocked: true }])(
    'is killed and started again, three starts in all (event loop blocked: $blocked)',
    async (params) => {
      const fleet = await Fleet.run([slave('falls-silent.mjs', { timeout: 0.3, params })]);
      expect(fleet.exitCode).toBe(1);
      const incarnations = [1, 2, 3].map((number) => `hello from incarnation ${number}`);
      expect(fleet.texts.filter((text) => text.startsWith('hello'))).toEqual(incarnations);
      expect(fleet.texts.filter((text) => text === SILENCE)).toHaveLength(3);
      expect(fleet.texts.at(-1)).toBe('Timed out 3 times in a row, given up');
      const life = (n: number): string[] => [
        `process_started 1.${n}`,
        `process_timedout 1.${n}`,
        `process_stopped 1.${n} timeout`,
      ];
      const told = fleet.events.filter((name) => name.startsWith('process_') && !name.startsWith('process_created'));
      expect(told).toEqual([1, 2, 3].flatMap(life));
    },
  );

  it('because it is frozen is killed as well', async () => {
    const fleet = new Fleet([slave('sleeps.mjs', { timeout: 0.5 })]);
    await fleet.says('sleeping');
    process.kill(fleet.launcher.processes[0]!.pid!, 'SIGSTOP');
    await fleet.tells('process_started 1.2');
    expect(fleet.events).toContain('process_stopped 1.1 timeout');
    await fleet.launcher.stop();
  });

  it('only sleeps: its pings keep it alive', async () => {
    const fleet = await Fleet.run([slave('sleeps.mjs', { timeout: 0.6 })], { maxRunningTime: 2 });
    expect(fleet.exitCode).toBe(0);
    expect(fleet.texts).not.toContain(SILENCE);
  });
});

it('what is not ready within start_timeout is killed', async () => {
  const fleet = await Fleet.run([slave('never-ready.mjs', { startTimeout: 0.5 })]);
  expect(fleet.exitCode).toBe(1);
  expect(fleet.texts).toEqual(['booting', 'Timeout reached while waiting for readiness...', 'Ended']);
  expect(fleet.events).toContain('process_stopped 1.1 start-timeout');
});

it('the timeout of the master kills all, exit 1', async () => {
  const groups = [slave('falls-silent.mjs', { timeout: 60 }), program('sleep 1000', { name: 'Programs' })];
  const fleet = await Fleet.run(groups, { timeout: 1 });
  expect(fleet.exitCode).toBe(1);
  expect(fleet.texts).toContain('Timeout waiting for content, force kill');
});

describe('restarts', () => {
  it('on failure, until too many', async () => {
    const fleet = await Fleet.run([slave('crashes.mjs', { restart: 'on-failure', maxRestarts: 2 })]);
    expect(fleet.exitCode).toBe(1);
    expect(fleet.events.filter((name) => name.startsWith('process_started'))).toHaveLength(3);
    expect(fleet.texts.at(-1)).toBe('Restarted 2 times in 60 s, given up');
  });

  it('of what ended well: never on-failure, else again', async () => {
    const params = { code: 0 };
    const once = await Fleet.run([slave('crashes.mjs', { restart: 'on-failure', params })]);
    expect(once.events.filter((name) => name.startsWith('process_started'))).toHaveLength(1);
    const again = new Fleet([slave('crashes.mjs', { restart: 'always', params })]);
    await again.tells('process_started 1.2');
    await again.launcher.stop();
    expect(await again.end).toEqual({ exitCode: 0 });
  });
});
