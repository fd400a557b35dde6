import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repository } from '../setup/temporary-folder.js';
import { fleet, Program } from './harness/program.js';

const GOOD = fleet({
  First: { command: 'app:say', params: { apiKey: 'S3CRET', text: 'hello' }, env: { A: 'S3CRET' } },
});
const BAD = fleet({ First: { command: 'app:say', timeout: 'abc' }, Second: { comand: 'x' } });

/** By runConsole without booting the application, without loading it, and by plain CommandFactory.run. */
describe.each(['main', 'lazy-main', 'factory-main'])('the configuration commands of %s', (main) => {
  it('say all that is wrong with the configuration, with exit code 78', async () => {
    const { exitCode, output, stdout } = await Program.run(main, ['config:check'], { yaml: BAD });
    expect(exitCode).toBe(78);
    expect(stdout).not.toContain('groups.');
    expect(output.match(/groups\.First\.timeout: found "abc"/g)).toHaveLength(1);
    expect(output).toContain('groups.Second.comand');
    expect(output).not.toContain('    at ');
  });

  it('show the configuration with its defaults, without its secrets', async () => {
    const { exitCode, stdout } = await Program.run(main, ['config:show'], { yaml: GOOD });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('text: hello');
    expect(stdout).toContain('start_timeout: 60');
    expect(stdout).not.toContain('S3CRET');
  });

  it('have help with an example, the same on all ways', async () => {
    const { exitCode, stdout } = await Program.run(main, ['config:check', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Usage: ${main} config:check [options]

Says all that is wrong with the configuration, and starts nothing

Options:
  --config-file <path>  the configuration (default:
                        config/distributed_architecture.yaml)
  --json                print JSON: { "valid": true, "problems": [] }
  -h, --help            display help for command

Example:
  node main.js config:check --json
`);
  });
});

describe('the configuration commands', () => {
  const main = 'lazy-main';

  it('print a configuration with all keys, which loads', async () => {
    const { exitCode, stdout, folder } = await Program.run(main, ['config:dump-reference']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('# timeout: 30');
    await writeFile(join(folder, 'reference.yaml'), stdout);
    const check = await Program.run(main, ['config:check', '--config-file', join(folder, 'reference.yaml')]);
    expect(check).toMatchObject({ exitCode: 0, stdout: 'The configuration is fine: 1 group, 1 queue group\n' });
  });

  it('print the JSON Schema that the package ships', async () => {
    const { exitCode, stdout } = await Program.run(main, ['config:schema']);
    expect(exitCode).toBe(0);
    const shipped = join(repository, 'packages/core/schema/distributed_architecture.schema.json');
    expect(stdout).toBe(await readFile(shipped, 'utf8'));
  });

  it('say it as JSON as well', async () => {
    const bad = await Program.run(main, ['config:check', '--json'], { yaml: BAD });
    expect(bad.exitCode).toBe(78);
    const { valid, problems } = JSON.parse(bad.stdout) as {
      valid: boolean;
      problems: { path: string; line: number }[];
    };
    expect(valid).toBe(false);
    const paths = problems.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['groups.First.timeout', 'groups.Second.comand']));
    expect(problems.every(({ line }) => line === 1)).toBe(true);
    const good = await Program.run(main, ['config:check', '--json'], { yaml: GOOD });
    expect(good).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(good.stdout)).toEqual({ valid: true, problems: [] });
  });

  it.each([
    [['config:chek'], 'Unknown command "config:chek" (did you mean "config:check"?)'],
    [['config:check', '--jsn'], 'Unknown option "--jsn" (did you mean "--json"?)'],
    [['config:check', 'more'], 'Unexpected argument "more" of config:check'],
    [['config:check', '--config-file'], "error: option '--config-file <path>' argument missing"],
  ])('refuse %j with exit code 64, once', async (args, message) => {
    const { exitCode, output } = await Program.run(main, args, { yaml: GOOD });
    expect(exitCode).toBe(64);
    expect(output.split(message)).toHaveLength(2);
  });

  it('are among the commands of the application', async () => {
    const { exitCode, stdout } = await Program.run(main, ['--help']);
    expect(exitCode).toBe(0);
    for (const name of ['config:dump-reference', 'config:show', 'master:status', 'master:scale', 'app:say']) {
      expect(stdout).toContain(name);
    }
  });
});

describe('the configuration that is meant', () => {
  it('is that of the module, also where it is made when the application boots', async () => {
    const { exitCode, stdout } = await Program.run('config-in-code-main', ['config:show'], {
      env: { DISTRIBUTED_ARCHITECTURE_CONFIG: '' },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('text: from code');
  });

  it('is the path that the module has', async () => {
    const { exitCode, output } = await Program.run('own-config-main', ['config:check'], {
      env: { DISTRIBUTED_ARCHITECTURE_CONFIG: '' },
    });
    expect(exitCode).toBe(78);
    expect(output).toContain('elsewhere.yaml: the file does not exist');
  });
});

it('is the command of the application where that has one of the same name', async () => {
  const { exitCode, output } = await Program.run('own-config-main', ['config:show']);
  expect(exitCode).toBe(0);
  expect(output).toBe("the application's own\n");
});

it('is run without loading the application, where a function would load it', async () => {
  const preload = pathToFileURL(join(repository, 'test/nestjs/fixtures/record-modules.mjs')).href;
  const { exitCode, folder } = await Program.run('lazy-main', ['config:check'], {
    yaml: GOOD,
    nodeOptions: ['--import', preload],
    env: { RECORDED_MODULES: 'modules.txt', RECORDED_ROLE: 'relay' },
  });
  expect(exitCode).toBe(0);
  const urls = (await readFile(join(folder, 'modules.txt'), 'utf8')).split('\n');
  expect(urls.some((url) => url.endsWith('/config-check.js'))).toBe(true);
  const heavy = /app\.module|@nestjs\/|nest-commander\/src|inquirer|launcher-engine/;
  expect(urls.filter((url) => heavy.test(url))).toEqual([]);
});
