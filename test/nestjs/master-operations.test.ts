import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { Program } from './harness/program.js';

const FIRST = 'Größe "A" b';

interface Groups {
  readonly [name: string]: { readonly command: string; readonly [key: string]: unknown };
}

const GROUPS: Groups = {
  [FIRST]: { command: 'app:loop', local: { instances_count: 2 } },
  Second: { command: 'app:loop', local: {} },
};

let fleets = 0;

/** Of the master itself. */
type Settings = { log?: { level: string } };

/** A master that runs, and the commands that look at it by its configuration. */
class Fleet {
  private constructor(
    readonly master: Program,
    readonly folder: string,
    private readonly name: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(groups: Groups = GROUPS): Promise<Fleet> {
    const name = `operations-${process.pid}-${++fleets}`;
    const folder = await temporaryFolder();
    const file = join(folder, 'config.yaml');
    await writeFile(file, yamlOf(name, groups, folder));
    const env = { DISTRIBUTED_ARCHITECTURE_CONFIG: file };
    const master = await Program.start('main', ['run-master'], { env });
    onTestFinished(async () => {
      master.kill('SIGTERM');
      await master.ended;
    });
    for (const group of Object.keys(groups)) await master.says(`[${group}] [localhost]`);
    return new Fleet(master, folder, name, env);
  }

  get pidFile(): string {
    return join(this.folder, `${this.name}.pid`);
  }

  write(groups: Groups, settings: Settings = {}): Promise<void> {
    return writeFile(join(this.folder, 'config.yaml'), yamlOf(this.name, groups, this.folder, settings));
  }

  run(...args: string[]) {
    return Program.run('lazy-main', args, { env: this.env });
  }

  follow(...args: string[]): Promise<Program> {
    return Program.start('lazy-main', args, { env: this.env });
  }

  async states(): Promise<Record<string, string[]>> {
    const { stdout, output, exitCode } = await this.run('master:status', '--json');
    if (exitCode !== 0) throw new Error(output);
    const { processes } = JSON.parse(stdout) as { processes: { group: string; state: string }[] };
    const states: Record<string, string[]> = {};
    for (const { group, state } of processes) (states[group] ??= []).push(state);
    return states;
  }
}

function yamlOf(name: string, groups: Groups, folder: string, settings: Settings = {}): string {
  return JSON.stringify({ distributed_architecture: { name, pid_path: folder, groups, ...settings } });
}

describe('a master that runs', () => {
  it('shows its groups and processes', async () => {
    const fleet = await Fleet.start();
    const { exitCode, stdout } = await fleet.run('master:status');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('is running (foreground, pid ');
    expect(stdout).toContain(FIRST);
    expect(await fleet.states()).toEqual({ [FIRST]: ['running', 'running'], Second: ['running'] });
  });

  it('suspends a group and resumes it', async () => {
    const fleet = await Fleet.start();
    expect(await fleet.run('master:suspend', FIRST)).toMatchObject({
      exitCode: 0,
      stdout: `Suspending group "${FIRST}"\n`,
    });
    await expect
      .poll(() => fleet.states(), { timeout: 30_000 })
      .toEqual({
        [FIRST]: ['suspended', 'suspended'],
        Second: ['running'],
      });
    expect(await fleet.run('master:resume', FIRST)).toMatchObject({ exitCode: 0 });
    await expect.poll(() => fleet.states(), { timeout: 30_000 }).toMatchObject({ [FIRST]: ['running', 'running'] });
  });

  it('scales, restarts and reloads groups', async () => {
    const fleet = await Fleet.start();
    expect(await fleet.run('master:scale', 'Second', '3')).toMatchObject({ exitCode: 0 });
    await expect
      .poll(() => fleet.states(), { timeout: 30_000 })
      .toMatchObject({ Second: ['running', 'running', 'running'] });
    expect(await fleet.run('master:restart', 'Second')).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await fleet.run('master:reload', FIRST);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Reloaded: 2 processes replaced\n' });
  });

  it('says what a changed configuration would change, and changes it', async () => {
    const fleet = await Fleet.start();
    const groups = { [FIRST]: GROUPS[FIRST]!, Second: { ...GROUPS['Second']!, timeout: 60 }, Third: GROUPS['Second']! };
    await fleet.write(groups, { log: { level: 'debug' } });
    const plan = await fleet.run('run-master', '--plan', '--json');
    expect(plan.exitCode, plan.output).toBe(0);
    const { steps } = JSON.parse(plan.stdout) as { steps: { action: string; group: string }[] };
    expect(steps.map(({ action, group }) => `${action} ${group}`).toSorted()).toEqual([
      'restart Second',
      'start Third',
    ]);
    const applied = await fleet.run('master:reload', '--config-only');
    expect(applied.exitCode, applied.output).toBe(0);
    expect(applied.stdout).toMatch(/^start +Third/m);
    expect(applied.stdout).toContain('log.level');
    expect(await fleet.states()).toEqual({ [FIRST]: ['running', 'running'], Second: ['running'], Third: ['running'] });
    const later = 'No group differs.\nWhen the master is started again: log.level\n';
    expect(await fleet.run('run-master', '--plan')).toMatchObject({ exitCode: 0, stdout: later });
  });

  it('takes nothing from a wrong configuration, and says what is wrong', async () => {
    const fleet = await Fleet.start();
    await fleet.write({ Second: { command: 'app:loop', timeuot: 1, local: {} } });
    const { exitCode, output } = await fleet.run('master:reload', '--config-only');
    expect(exitCode).toBe(78);
    expect(output).toContain('groups.Second.timeuot');
    expect(Object.keys(await fleet.states())).toEqual([FIRST, 'Second']);
  });

  it('prints its log, and goes on with it until it ends', async () => {
    const fleet = await Fleet.start();
    const some = await fleet.run('master:logs', 'Second', '--lines', '1');
    expect(some.stdout).toMatch(/^\S+Z log \[Second\] \[localhost\] \[app:loop\/3\/1\] \S.*\n$/);
    const follower = await fleet.follow('master:logs', '--follow', FIRST);
    await follower.says(`[${FIRST}] [localhost]`);
    expect(follower.stdout).not.toContain('[Second]');
    expect(await fleet.run('master:stop')).toMatchObject({ exitCode: 0, stdout: 'Stopping\n' });
    expect(await follower.ended).toBe(0);
    expect(await fleet.master.ended).toBe(0);
  });

  it('does not start itself anew in the foreground', async () => {
    const fleet = await Fleet.start();
    const { exitCode, output } = await fleet.run('master:restart');
    expect(exitCode).toBe(1);
    expect(output).toContain('This master cannot start itself again');
  });

  it('knows no other groups', async () => {
    const fleet = await Fleet.start();
    const { exitCode, output } = await fleet.run('master:restart', 'Secnod');
    expect(exitCode).toBe(64);
    expect(output).toContain('There is no group "Secnod" (did you mean "Second"?)');
  });
});

it('a plan without a master begins with nothing', async () => {
  const { exitCode, stdout, output } = await Program.run('main', ['run-master', '--plan'], {
    yaml: yamlOf(`nobody-${process.pid}`, GROUPS, 'run'),
  });
  expect(exitCode, output).toBe(0);
  expect(stdout).toContain('2 processes');
  expect(stdout.split('\n').filter((line) => line.startsWith('start'))).toHaveLength(2);
});

it('a status of another working directory takes the pid file', async () => {
  const fleet = await Fleet.start();
  expect(await Program.run('lazy-main', ['master:status', '--pid', fleet.pidFile])).toMatchObject({ exitCode: 0 });
});
