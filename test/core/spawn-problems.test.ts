import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { WITHOUT_CACHE, program, slave } from '../support/fleet.js';

/** Nobody's on any machine. Permissions and limits of processes hold for it, not for root. */
const USER = 1_954_321;

/** What a master needs of this repository, shown elsewhere: the folder that it is in may be closed to others. */
const SHOW_REPOSITORY = `for part in packages node_modules test; do
  mkdir -m 755 "$1/$part" && mount --bind "$0/$part" "$1/$part" || exit
done
cd "$1"
PATH=$1/node_modules/.bin:$PATH
shift
exec "$@"`;

/** A master that runs as somebody without rights, started by `before` and its arguments. */
async function powerlessMaster(
  groups: readonly GroupOptions[],
  before: readonly string[] = [],
): Promise<RunningProgram> {
  if (process.getuid?.() !== 0) throw new Error('This test needs root: it runs a master as another user');
  const home = await temporaryFolder();
  await chown(home, USER, USER);
  const user = ['--reuid', String(USER), '--regid', String(USER), '--clear-groups'];
  const shown = await temporaryFolder();
  await chmod(shown, 0o755);
  const show = ['--mount', 'sh', '-c', SHOW_REPOSITORY, repository, shown, 'setpriv', ...user];
  const command = [...show, ...before, 'node', 'test/core/fixtures/master.mjs', JSON.stringify({ groups })];
  const env = { ...WITHOUT_CACHE, TMPDIR: home, XDG_RUNTIME_DIR: home, HOME: home };
  return new RunningProgram('unshare', command, { cwd: repository, env });
}

describe('without permission', () => {
  it('for a program, its path or its folder it cannot be started, and is told why; the others run', async () => {
    const folder = await temporaryFolder({
      'closed/script.sh': '#!/bin/sh\necho never',
      'rooty.sh': '#!/bin/sh\necho never',
    });
    await chmod(folder, 0o755);
    await chmod(join(folder, 'closed/script.sh'), 0o755);
    await chmod(join(folder, 'closed'), 0o700);
    await chmod(join(folder, 'rooty.sh'), 0o700);
    await mkdir(join(folder, 'private'), { mode: 0o700 });
    const master = await powerlessMaster([
      program(join(folder, 'closed/script.sh'), { name: 'In a closed folder' }),
      program(join(folder, 'rooty.sh'), { name: 'For root alone' }),
      slave('crashes.mjs', { name: 'As bin_path', binPath: join(folder, 'rooty.sh') }),
      program('pwd', { name: 'Closed path', path: join(folder, 'private') }),
      program('echo fine', { name: 'Fine' }),
    ]);
    const { code, output } = await master.end;
    const told = (name: string): string[] =>
      output.split('\n').flatMap((line) => (line.includes(`[${name}]`) ? [line.replace(/^.*\] /, '')] : []));
    expect(told('In a closed folder')).toEqual([`Could not be started: spawn ${folder}/closed/script.sh EACCES`]);
    expect(told('For root alone')).toEqual([`Could not be started: spawn ${folder}/rooty.sh EACCES`]);
    expect(told('As bin_path')).toEqual([`Could not be started: spawn ${folder}/rooty.sh EACCES`]);
    expect(told('Closed path')).toEqual([expect.stringMatching(/^Could not be started: .*private/)]);
    expect(told('Fine')).toEqual(['fine', 'Ended']);
    expect(output).not.toContain('never');
    expect(code).toBe(1);
  });

  it('to raise it, a priority is not taken: a warning, and the process runs', async () => {
    const master = await powerlessMaster([program('echo fine', { priority: -5 })]);
    const { code, output } = await master.end;
    expect(output).toMatch(/ warn .*Priority -5 is not allowed here, running at normal priority: /);
    expect(output).toContain('] fine\n');
    expect(code).toBe(0);
  });
});

it('at the limit of processes (EAGAIN) some cannot be started, and are told why; the others run and end', async () => {
  const group = program('sleep 1', { local: { instancesCount: 60 } });
  const master = await powerlessMaster([group], ['prlimit', '--nproc=40']);
  const { code, output } = await master.end;
  const failed = output.match(/Could not be started: spawn \S*sleep EAGAIN/g)?.length ?? 0;
  const ended = output.match(/ Ended\n/g)?.length ?? 0;
  expect({ failed, ended, together: failed + ended }).toEqual({ failed, ended, together: 60 });
  expect(failed).toBeGreaterThan(0);
  expect(ended).toBeGreaterThan(0);
  expect(output).toContain('master ended 1');
  expect(code).toBe(1);
});

it('at the limit of processes a restart is tried again until there is room', async () => {
  const hogs = program('sleep 1', { name: 'Hogs', local: { instancesCount: 40 } });
  const patient = program('echo there was room', {
    name: 'Patient',
    restart: 'on-failure',
    restartDelay: 0.3,
    maxRestarts: 20,
  });
  const master = await powerlessMaster([hogs, patient], ['prlimit', '--nproc=40']);
  const { output } = await master.end;
  expect(output).toMatch(/\[Patient\] .* Could not be started: spawn \S*echo EAGAIN/);
  expect(output).toMatch(/\[Patient\] .* there was room\n/);
});
