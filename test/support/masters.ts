import type { GroupOptions, LauncherOptions } from '@distributed-architecture/core';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';
import { WITHOUT_CACHE, fixture } from './fleet.js';
import { childrenOf, eventually, procFile } from './processes.js';

/** A program of its own that runs this group as master; its own processes may be killed at will. */
export function startMaster(
  groups: readonly GroupOptions[],
  options: LauncherOptions = {},
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  const args = [fixture('fleet-master.mjs'), JSON.stringify({ groups, options })];
  return new RunningProgram('node', args, { cwd: repository, env: { ...WITHOUT_CACHE, ...env } });
}

/** The same where no cgroups can be made: none are mounted. Needs root. */
export function startMasterWithoutCgroups(
  groups: readonly GroupOptions[],
  options: LauncherOptions = {},
): RunningProgram {
  const without = 'umount --all --lazy --types cgroup2 && exec "$0" "$@"';
  const args = [
    '--mount',
    'sh',
    '-c',
    without,
    'node',
    fixture('fleet-master.mjs'),
    JSON.stringify({ groups, options }),
  ];
  return new RunningProgram('unshare', args, { cwd: repository, env: WITHOUT_CACHE });
}

/** Process id of the watchdog of a master, once there is one. */
export async function watchdogOf(master: RunningProgram, other?: number): Promise<number> {
  const find = (): number | undefined =>
    childrenOf(master.pid).find((pid) => pid !== other && procFile(pid, 'cmdline').includes('\0watch\0'));
  await eventually('there is a watchdog', () => find() !== undefined);
  return find()!;
}

/** Kills a master and its watchdog, so that nobody ends what it leaves. */
export async function killWithWatchdog(master: RunningProgram): Promise<void> {
  const watchdog = await watchdogOf(master);
  // Stopped first: it could start another meanwhile.
  master.send('SIGSTOP', 'alone');
  process.kill(watchdog, 'SIGKILL');
  master.send('SIGKILL', 'alone');
  await eventually('the master is gone', () => procFile(master.pid, 'cmdline') === '');
}
