import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

const SAY = fleet({ Talkers: { command: 'app:say', params: { text: 'hello' } } });
const LOOP = fleet({ Loops: { command: 'app:loop', local: { instances_count: 2 } } });

/** Lines without their time. */
function records(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^\S+Z /, ''));
}

describe('run-master under runConsole', () => {
  it('logs in one format what slaves print, what they log, and what its own application logs', async () => {
    const { exitCode, lines } = await Program.run('main', ['run-master'], { yaml: SAY });
    expect(exitCode).toBe(0);
    const found = records(lines);
    expect(found).toContain('log [Talkers] [localhost] [app:say/1/1] console says hello');
    expect(found).toContain('log [master] [Shutdown] shutdown hooks ran');
    expect(found).toContain('log [Talkers] [localhost] [app:say/1/1] Ended');
  });

  it('gets what a slave logs through Nest once, with its level, context and stack, and no prefix of Nest', async () => {
    const { lines, output } = await Program.run('main', [], { yaml: SAY });
    const found = records(lines);
    expect(found.filter((line) => line.includes('logger says'))).toEqual([
      'warn [Talkers] [localhost] [app:say/1/1] [SayContext] logger says hello',
    ]);
    expect(found).toContain('error [Talkers] [localhost] [app:say/1/1] [SayContext] logged error');
    expect(found).toContain('error [Talkers] [localhost] [app:say/1/1] Error: inner');
    expect(output).not.toContain('[Nest]');
    expect(output).not.toContain('InstanceLoader');
  });

  it('runs the shutdown hooks of a slave after its work, and logs them', async () => {
    const { lines } = await Program.run('main', [], { yaml: SAY });
    const found = records(lines);
    const work = found.indexOf('error [Talkers] [localhost] [app:say/1/1] [SayContext] logged error');
    const shutdown = found.indexOf('log [Talkers] [localhost] [app:say/1/1] [Shutdown] shutdown hooks ran');
    expect(work).toBeGreaterThan(-1);
    expect(shutdown).toBeGreaterThan(work);
  });

  it('passes each line to the logger that the application installs', async () => {
    const { output } = await Program.run('own-logger-main', ['run-master'], { yaml: SAY });
    expect(output).toContain('own log <[Talkers] [localhost] [app:say/1/1] console says hello> ');
    expect(output).toContain('own warn <logger says hello> SayContext');
  });

  it.each([
    ['main', 'SIGTERM'],
    ['main', 'SIGINT'],
    ['main', 'SIGHUP'],
    ['factory-main', 'SIGTERM'],
  ] as const)('%s stops cleanly on %s with exit code 0', async (main, signal) => {
    const program = await Program.start(main, [], { yaml: LOOP });
    await program.says('[app:loop/1/1] turn');
    await program.says('[app:loop/2/2] turn');
    program.kill(signal);
    expect(await program.ended).toBe(0);
    expect(program.output).toContain(`[master] Received ${signal}, stopping`);
    expect(program.output).toContain('[app:loop/1/1] loop ended');
    expect(program.output).toContain('[app:loop/2/2] loop ended');
  });

  it('kills on a second signal and ends with 128 + n', async () => {
    const yaml = fleet({ Stubborn: { command: 'app:stubborn' } });
    const program = await Program.start('main', [], { yaml });
    await program.says('stubborn');
    program.kill('SIGTERM');
    await program.says('Received SIGTERM, stopping');
    program.kill('SIGINT');
    expect(await program.ended).toBe(130);
  });

  it('stops after --max-running-time with exit code 0', async () => {
    const program = await Program.run('main', ['--max-running-time', '1500ms'], { yaml: LOOP });
    expect(program.exitCode).toBe(0);
    expect(program.output).toContain('[app:loop/1/1] loop ended');
  });

  it('ends with 1 when a slave fails, and logs its error with the stack', async () => {
    const { exitCode, lines } = await Program.run('main', [], { yaml: fleet({ Broken: { command: 'app:throws' } }) });
    expect(exitCode).toBe(1);
    const found = records(lines);
    expect(found).toContain('error [Broken] [localhost] [app:throws/1/1] Error: the work is broken');
    expect(found.some((line) => line.includes('at ThrowsCommand.runSlave'))).toBe(true);
  });

  it('names the nearest command when a group asks for one that there is not', async () => {
    const { exitCode, output } = await Program.run('main', [], { yaml: fleet({ Typo: { command: 'app:sya' } }) });
    expect(exitCode).toBe(1);
    expect(output).toContain('[app:sya/1/1] Unknown command "app:sya" (did you mean "app:say"?)');
    expect(output).toContain('Exited with code 64');
  });

  it('reports why an application cannot boot as a slave', async () => {
    const slaveOnly = { yaml: fleet({ Boot: { command: 'app:say', console: bootFails() } }) };
    const { exitCode, output } = await Program.run('main', [], slaveOnly);
    expect(exitCode).toBe(1);
    expect(output.match(/this provider is broken/g)).toHaveLength(1);
    expect(output).toContain('Exited with code 70');
  });

  it('ends a slave that has left a timer', async () => {
    const { exitCode, output } = await Program.run('main', [], { yaml: fleet({ T: { command: 'app:leaves-timer' } }) });
    expect(exitCode).toBe(0);
    expect(output).toContain('timer left');
  });

  it('refuses two commands of one name', async () => {
    const { exitCode, output } = await Program.run('twins-main', ['run-master'], { yaml: SAY });
    expect(exitCode).toBe(70);
    expect(output).toBe('Two classes are commands named "app:say": rename one\n');
  });
});

describe('preRunCheck', () => {
  it('leaves out the groups that it refuses or fails for, and runs the others', async () => {
    const yaml = fleet({
      Refused: { command: 'app:refused' },
      Failing: { command: 'app:check-throws' },
      Talkers: { command: 'app:say' },
    });
    const { exitCode, output } = await Program.run('main', [], { yaml });
    expect(exitCode).toBe(0);
    expect(output).toContain('[Refused] [localhost] [app:refused] Not run: preRunCheck refused');
    expect(output).toContain('Error: the check is broken');
    expect(output).not.toContain('must not run');
    expect(output).toContain('[app:say/1/1] Ended');
  });

  it('ends with 1 when nothing is left to run', async () => {
    const { exitCode, output } = await Program.run('main', [], {
      yaml: fleet({ Refused: { command: 'app:refused' } }),
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('[master] No group is left to run');
  });
});

function bootFails(): string {
  return join(import.meta.dirname, '../dist/nestjs/fixtures/boot-fails-main.js');
}
