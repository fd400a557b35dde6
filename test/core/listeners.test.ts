import { describe, expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { Fleet, WITHOUT_CACHE, fixture, program, slave } from '../support/fleet.js';

const EVENTS = [
  'master_starting',
  'process_created',
  'process_started',
  'master_started',
  'process_running',
  'process_timedout',
  'process_stopped',
  'master_running',
  'master_stopped',
];

describe.each([
  { how: 'throw', word: 'thrown' },
  { how: 'reject', word: 'rejected' },
])('listeners of all events that $how', ({ how, word }) => {
  it('are reported, and neither end the master nor keep other listeners and processes from their work', async () => {
    const groups = [
      slave('falls-silent.mjs', { name: 'Silent', timeout: 0.6 }),
      slave('crashes.mjs', { name: 'Crashing', restart: 'on-failure', maxRestarts: 1 }),
      program('echo done', { name: 'Program' }),
    ];
    const args = [fixture('throws-in-listener.mjs'), JSON.stringify(groups)];
    const master = new RunningProgram('node', args, { cwd: repository, env: { ...WITHOUT_CACHE, HOW: how } });
    const { code, output } = await master.end;
    for (const name of EVENTS) {
      const reports = output.split(`A listener of ${name} failed: Error: ${word} in ${name}`).length - 1;
      expect(reports, `reports of ${name}`).toBeGreaterThan(0);
      expect(output.split(`after ${name}\n`).length - 1, `calls of the next listener of ${name}`).toBe(reports);
    }
    expect(output).toContain('Timed out 3 times in a row, given up');
    expect(output).toContain('Restarted 1 times in 60 s, given up');
    expect(output).toContain('] done\n');
    expect(output).not.toContain('Unhandled');
    expect(output).toContain('master ended 1\n');
    expect(code).toBe(1);
  });
});

it('a listener may stop the launcher at any event', async () => {
  const events = [
    'master_starting',
    'process_created',
    'process_started',
    'master_started',
    'process_stopped',
  ] as const;
  for (const name of events) {
    const fleet = new Fleet([
      slave('sleeps.mjs', { local: { instancesCount: 2 } }),
      program('true', { name: 'Program', restart: 'always', restartDelay: 0, maxRestarts: 10_000 }),
    ]);
    fleet.launcher.on(name, () => void fleet.launcher.stop());
    expect(await fleet.end, name).toEqual({ exitCode: 0 });
    expect(fleet.launcher.processes.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  }
});

it('a listener that kills the process that was just started finds it, and it is started again', async () => {
  const fleet = new Fleet([slave('sleeps.mjs', { restart: 'on-failure', restartDelay: 0 })]);
  fleet.launcher.on('process_started', ({ process: { pid, incarnation } }) => {
    if (incarnation < 4) process.kill(pid!, 'SIGKILL');
  });
  await fleet.says('sleeping');
  await fleet.launcher.stop();
  expect(fleet.events.filter((name) => name.startsWith('process_stopped'))).toEqual([
    'process_stopped 1.1 ended',
    'process_stopped 1.2 ended',
    'process_stopped 1.3 ended',
    'process_stopped 1.4 stopped',
  ]);
});
