import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repository } from '../setup/temporary-folder.js';
import { fleet, Program } from './harness/program.js';
import { PlayedMaster, type Answers } from './harness/played-master.js';

const GROUP = 'Größe "A" b';

const STATUS = {
  name: 'played',
  version: '0.1.0',
  node: 'v24.0.0',
  pid: 4711,
  epoch: 1,
  service: true,
  phase: 'running',
  startedAt: '2026-01-31T12:00:00.000Z',
  uptime: 60,
  rss: 80,
  cpu: 0.01,
  loopLag: 0,
  groups: [
    {
      name: GROUP,
      kind: 'group',
      command: 'app:say',
      suspended: false,
      states: { running: 1 },
      restarts: 0,
      timeouts: 0,
    },
  ],
};
const PROCESS = {
  id: 1,
  groupId: 1,
  groupCount: 1,
  group: GROUP,
  host: 'localhost',
  command: 'app:say',
  display: 'app:say/1/1',
  state: 'running',
  incarnation: 1,
  restarts: 0,
  timeouts: 0,
  exits: [],
};
const UNKNOWN = {
  status: 404,
  body: { error: { code: 'GROUP_UNKNOWN', message: 'x', details: { group: 'Grösse', known: ['Größe'] } } },
};
const LINE = {
  at: '2026-01-31T12:00:00.000Z',
  level: 'log',
  group: GROUP,
  host: 'localhost',
  display: 'app:say/1/1',
  line: 'hello',
};

const ANSWERS: Answers = {
  'GET /status': { body: STATUS },
  'GET /processes': { body: [PROCESS] },
  [`POST /groups/${GROUP}/suspend`]: { body: [] },
  [`POST /groups/${GROUP}/resume`]: { body: [] },
  [`POST /groups/${GROUP}/scale`]: { body: [] },
  [`POST /groups/${GROUP}/restart`]: { body: [] },
  'POST /groups/Grösse/suspend': UNKNOWN,
  'POST /suspend': { body: [] },
  'POST /resume': { body: [] },
  'POST /restart': {
    status: 501,
    body: { error: { code: 'CONTROL_UNSUPPORTED', message: 'It runs in the foreground' } },
  },
  'POST /stop': { status: 202, body: { accepted: true } },
  'GET /logs?lines=3': { body: [LINE] },
};

/** A configuration whose pid file is that of a master. */
function configOf(master: PlayedMaster, groups: object = { A: { command: 'app:say', local: {} } }): string {
  return JSON.stringify({ distributed_architecture: { name: 'played', pid_path: master.folder, groups } });
}

/** By runConsole without booting the application, without loading it, and by plain CommandFactory.run. */
describe.each(['main', 'lazy-main', 'factory-main'])('the master commands of %s', (main) => {
  it('show the status as tables and as JSON', async () => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const table = await Program.run(main, ['master:status'], { yaml: configOf(master) });
    expect(table.exitCode, table.output).toBe(0);
    expect(table.stdout).toContain('played is running (service, pid 4711, up 1m');
    expect(table.stdout).toContain(GROUP);
    expect(table.stdout).toContain('app:say/1/1');
    const json = await Program.run(main, ['master:status', '--json', '--pid', master.pidFile]);
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual({ ...STATUS, processes: [PROCESS] });
  });

  it('say what a reload came to, and end with 1 where it ended early', async () => {
    const reload = (body: object): Answers => ({ 'POST /reload': { body } });
    const good = await PlayedMaster.start('played', reload({ completed: true, replaced: 3, left: 0 }));
    const done = await Program.run(main, ['master:reload', GROUP, '--pid', good.pidFile]);
    expect(done).toMatchObject({ exitCode: 0, stdout: 'Reloaded: 3 processes replaced\n' });
    expect(good.asked[0]?.body).toEqual({ group: GROUP });
    const bad = await PlayedMaster.start(
      'played',
      reload({ completed: false, replaced: 1, left: 2, reason: 'it crashed' }),
    );
    const early = await Program.run(main, ['master:reload', '--pid', bad.pidFile]);
    expect(early).toMatchObject({
      exitCode: 1,
      stdout: 'The reload ended early: 1 process replaced, 2 left: it crashed\n',
    });
  });

  it('end with 64 for a group that there is not, and name the nearest', async () => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const { exitCode, output } = await Program.run(main, ['master:suspend', 'Grösse'], { yaml: configOf(master) });
    expect(exitCode).toBe(64);
    expect(output).toContain('There is no group "Grösse" (did you mean "Größe"?)');
  });

  it('end with 1 where no master runs, and say what was looked for', async () => {
    const { exitCode, output, folder } = await Program.run(main, ['master:status'], {
      yaml: JSON.stringify({ distributed_architecture: { name: 'nobody', pid_path: 'run' } }),
    });
    expect(exitCode).toBe(1);
    expect(output).toContain(`No master is running`);
    expect(output).toContain(join(folder, 'run/nobody.pid'));
    expect(output).not.toContain('    at ');
  });
});

describe('the master commands', () => {
  const main = 'lazy-main';

  it.each([
    [['master:suspend', GROUP], `POST /groups/${GROUP}/suspend`, { force: false }],
    [['master:suspend', GROUP, '--force'], `POST /groups/${GROUP}/suspend`, { force: true }],
    [['master:suspend'], 'POST /suspend', { force: false }],
    [['master:resume', GROUP], `POST /groups/${GROUP}/resume`, undefined],
    [['master:resume'], 'POST /resume', undefined],
    [['master:scale', GROUP, '4'], `POST /groups/${GROUP}/scale`, { count: 4 }],
    [['master:restart', '--force', GROUP], `POST /groups/${GROUP}/restart`, { force: true }],
    [['master:stop'], 'POST /stop', undefined],
  ])('ask the master for %j', async (args, request, body) => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const { exitCode, output } = await Program.run(main, args, { yaml: configOf(master) });
    expect(exitCode, output).toBe(0);
    expect(master.asked).toEqual([{ request, body, operator: expect.stringMatching(/ \(pid \d+\)$/) }]);
  });

  it('print lines of the log as the log has them', async () => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const { exitCode, stdout } = await Program.run(main, ['master:logs', '--lines', '3', '--pid', master.pidFile]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`2026-01-31T12:00:00.000Z log [${GROUP}] [localhost] [app:say/1/1] hello\n`);
  });

  it('print the plan of a changed configuration', async () => {
    const step = {
      action: 'restart',
      group: GROUP,
      processes: { before: 1, after: 1 },
      changes: ['timeout: 30 -> 60'],
    };
    const plan = { steps: [step], atRestart: [] };
    const body = { plan, completed: false, rolledBack: true, reason: 'it crashed' };
    const master = await PlayedMaster.start('played', { 'POST /reload': { body } });
    const { exitCode, stdout } = await Program.run(main, ['master:reload', '--config-only', '--pid', master.pidFile]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('timeout: 30 -> 60');
    expect(stdout).toContain('was not completed: it crashed. It was undone');
    expect(master.asked[0]?.body).toEqual({ configOnly: true });
  });

  it('end with 1 where the master cannot do it', async () => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const { exitCode, output } = await Program.run(main, ['master:restart'], { yaml: configOf(master) });
    expect(exitCode).toBe(1);
    expect(output).toContain('It runs in the foreground');
  });

  it('find the master while the rest of the configuration is wrong', async () => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const yaml = configOf(master, { A: { comand: 1, params: { key: '${NOT_SET}' } } });
    expect(await Program.run(main, ['master:stop'], { yaml })).toMatchObject({ exitCode: 0, stdout: 'Stopping\n' });
  });

  it.each([
    [['master:stauts'], 'Unknown command "master:stauts" (did you mean "master:status"?)'],
    [['master:status', '--jsn'], 'Unknown option "--jsn" (did you mean "--json"?)'],
    [['master:suspend', 'A', 'B'], 'Unexpected argument "B" of master:suspend'],
    [['master:scale', 'A'], "error: missing required argument 'count'"],
    [['master:scale', 'A', '0'], 'Number of processes: found "0", expected 1 or more'],
    [['master:scale', 'A', '-1'], 'Unknown option "-1"'],
    [['master:logs', '--lines', 'all'], '--lines: found "all", expected a whole number'],
    [['master:reload', 'A', '--config-only'], '--config-only is for all groups'],
    [['master:restart', '--force'], '--force goes with a group'],
  ])('refuse %j with exit code 64, once', async (args, message) => {
    const master = await PlayedMaster.start('played', ANSWERS);
    const { exitCode, output } = await Program.run(main, args, { yaml: configOf(master) });
    expect(exitCode, output).toBe(64);
    expect(output.split(message)).toHaveLength(2);
    expect(output).not.toContain('    at ');
    expect(master.asked).toEqual([]);
  });

  it('take a group whose name looks like an option', async () => {
    const answers: Answers = { 'POST /groups/--force/resume': { body: [] } };
    const master = await PlayedMaster.start('played', answers);
    const { exitCode, output } = await Program.run(main, ['master:resume', '--', '--force'], {
      yaml: configOf(master),
    });
    expect(exitCode, output).toBe(0);
  });

  it('have help with an example and their arguments', async () => {
    const { exitCode, stdout } = await Program.run(main, ['master:scale', '--help'], { yaml: fleet({}) });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: ${main} master:scale [options] <group> <count>`);
    expect(stdout).toMatch(/group +name of the group/);
    expect(stdout).toContain('Example:\n  node main.js master:scale "First Group" 4');
  });
});

it('a status is asked for without loading the application, where a function would load it', async () => {
  const master = await PlayedMaster.start('played', ANSWERS);
  const preload = pathToFileURL(join(repository, 'test/nestjs/fixtures/record-modules.mjs')).href;
  const { exitCode, folder } = await Program.run('lazy-main', ['master:status'], {
    yaml: configOf(master),
    nodeOptions: ['--import', preload],
    env: { RECORDED_MODULES: 'modules.txt', RECORDED_ROLE: 'relay' },
  });
  expect(exitCode).toBe(0);
  const urls = (await readFile(join(folder, 'modules.txt'), 'utf8')).split('\n');
  const heavy = /app\.module|@nestjs\/|nest-commander\/src|inquirer|launcher-engine|class-validator|control-server/;
  expect(urls.filter((url) => heavy.test(url))).toEqual([]);
});

it('a status that is watched is shown again and again, until the master is gone', async () => {
  const master = await PlayedMaster.start('played', ANSWERS);
  const program = await Program.start('lazy-main', ['master:status', '--json', '--watch', '--pid', master.pidFile]);
  await program.says('}\n{');
  const [first = '', second = ''] = program.stdout.split('\n');
  expect(JSON.parse(first)).toEqual(JSON.parse(second));
  program.kill('SIGINT');
  expect(await program.ended).toBe('SIGINT');
});
