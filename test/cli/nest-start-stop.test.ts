import { describe, expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import { RunningProgram } from '../setup/running-program.js';
import { linkNodeModules, sharedFolder } from '../setup/temporary-folder.js';
import { FLEET_APPLICATION } from './fleet-application.js';
import { nestWorkspace, RUN_MASTER_PROJECT } from './nest-workspace.js';

const cwd = await sharedFolder(nestWorkspace(FLEET_APPLICATION, RUN_MASTER_PROJECT));
await linkNodeModules(cwd);
await runToEnd('nest', ['build', 'run-master'], { cwd });

const FORMS = [
  'nest start run-master --max-running-time 3600',
  'nest start --max-running-time=3600',
  'nest start run-master -- --max-running-time 3600',
  'node dist/main.js run-master --max-running-time 3600',
];

const SENT = [
  ['SIGINT', 'group'], // Ctrl-C: the terminal tells the master and Nest's CLI, and Nest's CLI tells the master again
  ['SIGINT', 'alone'],
  ['SIGTERM', 'group'],
  ['SIGTERM', 'alone'],
] as const;

function start(command: string, env: Record<string, string> = {}): RunningProgram {
  const [program = '', ...args] = command.split(' ');
  return new RunningProgram(program, args, { cwd, env });
}

async function startFleet(command: string, env: Record<string, string> = {}): Promise<RunningProgram> {
  const running = start(command, env);
  await running.says('working\n', 2);
  return running;
}

const count = (output: string, text: string): number => output.split(text).length - 1;

describe.each(FORMS)('%s', (form) => {
  it.each(SENT)('stops cleanly on %s to the %s', async (signal, to) => {
    const running = await startFleet(form);
    running.send(signal, to);
    const { code, output } = await running.end;
    expect(count(output, `[master] Received ${signal}, stopping`), output).toBe(1);
    expect(count(output, 'stopped cleanly\n'), output).toBe(2);
    expect(output).not.toContain('force kill');
    expect(code).toBe(0);
    expect(running.size).toBe(0);
  });
});

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on %s to the group', async (signal) => {
    const running = await startFleet('npm start -- --max-running-time 3600');
    running.send(signal, 'group');
    const { output } = await running.end; // npm itself always ends by the signal
    expect(count(output, `[master] Received ${signal}, stopping`), output).toBe(1);
    expect(count(output, 'stopped cleanly\n'), output).toBe(2);
    expect(running.size).toBe(0);
  });
});

describe('nest start', () => {
  it('ends by itself with exit code 0 after --max-running-time', async () => {
    const { code, output } = await start('nest start run-master --max-running-time 1').end;
    expect(count(output, '[master] Stopping...'), output).toBe(1);
    expect(count(output, 'Ended\n'), output).toBe(2);
    expect(code).toBe(0);
  });

  it('ends with exit code 64 on a bad option', async () => {
    const { code, output } = await start('nest start run-master --max-runing-time 5').end;
    expect(output).toContain('--max-runing-time');
    expect(code).toBe(64);
  });

  it('ends with exit code 130 when Ctrl-C comes again while slaves do not stop', async () => {
    const running = await startFleet('nest start run-master', { STUBBORN: 'yes' });
    running.send('SIGINT', 'group');
    await running.says('not yet\n', 2);
    running.send('SIGINT', 'group');
    expect(await running.end).toMatchObject({ code: 130 });
  });
});
