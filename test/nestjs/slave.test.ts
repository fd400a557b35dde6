import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repository } from '../setup/temporary-folder.js';
import { fleet, Program } from './harness/program.js';

describe('a slave', () => {
  it('loads nothing of a command line, of the configuration, of the master or of queue groups', async () => {
    const preload = pathToFileURL(join(repository, 'test/nestjs/fixtures/record-modules.mjs')).href;
    const { exitCode, folder } = await Program.run('main', [], {
      yaml: fleet({ G: { command: 'app:say' } }),
      nodeOptions: ['--import', preload],
      env: { RECORDED_MODULES: 'modules.txt' },
    });
    expect(exitCode).toBe(0);
    const urls = (await readFile(join(folder, 'modules.txt'), 'utf8')).split('\n');
    expect(urls.some((url) => url.endsWith('/nestjs/dist/slave/run-slave-application.js'))).toBe(true);
    const heavy =
      /nest-commander|node_modules\/commander|node_modules\/inquirer|js-yaml|class-validator|class-transformer|event-emitter|launcher-engine|nest-log-sink|run-master|master\/master|\/queue\/dist\//;
    expect(urls.filter((url) => heavy.test(url))).toEqual([]);
  });

  it('may be a class with the @Command of nest-commander', async () => {
    const yaml = fleet({ G: { command: 'app:commander' } });
    const { exitCode, output } = await Program.run('commander-main', ['run-master'], { yaml });
    expect(exitCode).toBe(0);
    expect(output).toContain('[app:commander/1/1] by @Command in group G');
  });

  it('may not be any other command', async () => {
    const { output } = await Program.run('commander-main', ['run-master'], {
      yaml: fleet({ G: { command: 'app:other' } }),
    });
    expect(output).toContain('Command "app:other" is no slave command: its class has to extend AbstractSlaveCommand');
  });

  it('runs by plain CommandFactory.run, its log and its exit code included', async () => {
    const yaml = fleet({ G: { command: 'app:say' }, H: { command: 'app:throws' }, I: { command: 'app:commander' } });
    const { exitCode, output } = await Program.run('factory-main', ['run-master'], { yaml });
    expect(exitCode).toBe(1);
    expect(output.match(/warn \[G\] \[localhost\] \[app:say\/1\/1\] \[SayContext\] logger says/g)).toHaveLength(1);
    expect(output).toContain('[app:say/1/1] [Shutdown] shutdown hooks ran');
    expect(output).toContain('[app:throws/2/1] Error: the work is broken');
    expect(output).toContain('[app:throws/2/1] Exited with code 1');
    expect(output).toContain('[app:commander/3/1] by @Command in group I');
  });

  it('ends by hand on SIGINT', async () => {
    const program = await Program.start('main', ['app:loop']);
    await program.says('looping');
    program.kill('SIGINT');
    expect(await program.ended).toBe('SIGINT');
  });
});
