import { describe, expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

const SAY = fleet({ Talkers: { command: 'app:say' } });

describe.each(['main', 'factory-main'])('the command line of %s', (main) => {
  it.each([
    [['run-mastre'], 'Unknown command "run-mastre" (did you mean "run-master"?)'],
    [['--timeut', '9'], 'Unknown option "--timeut" (did you mean "--timeout"?)'],
    [['run-master', '--timeout', '4'], '--timeout: found "4", it has to be at least 5 seconds'],
    [['run-master', '--max-running-time', 'soon'], '--max-running-time: found "soon", expected seconds'],
    [['run-master', '--max-process-timeout', '1.5'], '--max-process-timeout: found "1.5", expected a whole number'],
    [['run-master', 'more'], 'Unexpected argument "more" of run-master'],
  ])('refuses %j with exit code 64, once and without a stack', async (args, message) => {
    const { exitCode, output } = await Program.run(main, args, { yaml: SAY });
    expect(exitCode).toBe(64);
    expect(output.split(message)).toHaveLength(2);
    expect(output).not.toContain('    at ');
  });

  it('refuses an option without its value', async () => {
    const { exitCode, output } = await Program.run(main, ['run-master', '--timeout']);
    expect(exitCode).toBe(64);
    expect(output.match(/argument missing/g)).toHaveLength(1);
  });

  it('says what is wrong with a configuration and ends with 78', async () => {
    const yaml = fleet({ First: { command: 'app:say', timeout: 'abc' }, Second: { comand: 'x' } });
    const { exitCode, output } = await Program.run(main, [], { yaml });
    expect(exitCode).toBe(78);
    expect(output).toContain('groups.First.timeout');
    expect(output).toContain('groups.Second.comand');
    expect(output).not.toContain('    at ');
  });

  it('ends with 78 when the file is not there', async () => {
    const { exitCode, output } = await Program.run(main, ['run-master', '--config-file', 'no/such.yaml']);
    expect(exitCode).toBe(78);
    expect(output).toContain('no/such.yaml');
  });

  it('shows its help with exit code 0', async () => {
    const { exitCode, output } = await Program.run(main, ['run-master', '--help']);
    expect(exitCode).toBe(0);
    expect(output).toContain('--max-running-time');
  });

  it('runs a slave command by hand with a null handler, and tells its failure by exit code 1', async () => {
    const good = await Program.run(main, ['app:say']);
    expect(good).toMatchObject({ exitCode: 0 });
    expect(good.output).toContain('console says by hand');
    const bad = await Program.run(main, ['app:throws']);
    expect(bad).toMatchObject({ exitCode: 1 });
    expect(bad.output).toContain('the work is broken');
  });
});

describe('the configuration file', () => {
  it('of the command line comes before that of the environment', async () => {
    const { exitCode, output } = await Program.run('main', ['run-master', '--config-file', 'fleet.yaml'], {
      yaml: SAY,
      env: { DISTRIBUTED_ARCHITECTURE_CONFIG: 'no/such.yaml' },
    });
    expect(exitCode).toBe(0);
    expect(output).toContain('console says');
  });

  it('may be written in code', async () => {
    const { exitCode, output } = await Program.run('config-in-code-main', [], {
      env: { DISTRIBUTED_ARCHITECTURE_CONFIG: '' },
    });
    expect(exitCode).toBe(0);
    expect(output).toContain('[In Code] [localhost] [app:say/1/1] console says from code');
  });
});

describe('the default command', () => {
  it('is run-master', async () => {
    const { output } = await Program.run('main', [], { yaml: SAY });
    expect(output).toContain('[app:say/1/1] Ended');
  });

  it("is the application's own where it has one; run-master runs by its name", async () => {
    const own = await Program.run('own-default-main', [], { yaml: SAY });
    expect(own).toMatchObject({ exitCode: 0, output: 'own default as none\n' });
    const named = await Program.run('own-default-main', ['run-master'], { yaml: fleet({ G: { command: 'app:x' } }) });
    expect(named.output).toContain('[app:x/1/1] Ended');
  });
});

describe('roles', () => {
  it('a command of the application has none, and a launcher that does not run', async () => {
    const { output } = await Program.run('commander-main', ['app:other']);
    expect(output).toBe('other as none, isMaster false\n');
  });

  it('master and slave know theirs', async () => {
    const { output } = await Program.run('roles-main', [], { yaml: fleet({ G: { command: 'app:role' } }) });
    expect(output).toContain('[master] [Role] booted as master, isMaster true');
    expect(output).toContain('[app:role/1/1] [Role] booted as slave, isMaster false');
  });
});
