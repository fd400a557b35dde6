import { join } from 'node:path';
import type { GroupOptions } from '@distributed-architecture/core';

/** The sources of this folder: its programs are not compiled. */
const PROGRAMS = join(import.meta.dirname.replace('/test/dist/', '/test/'), 'zoo');

export const MASTER = join(PROGRAMS, 'master.mjs');

const NO_LIMIT = 1_000_000;
const WITHOUT_CACHE = { NODE_DISABLE_COMPILE_CACHE: '1' };

/** Groups of all temperaments; each has one process, whose ledger has its name. */
export function zoo(folder: string, withDaemons: boolean): GroupOptions[] {
  const again = { restart: 'always', restartDelay: 0.05, maxRestarts: NO_LIMIT } as const;
  const program = (name: string, behaviour: string, options: Partial<GroupOptions> = {}): GroupOptions => {
    const command = `sh ${join(PROGRAMS, 'lives.sh')} ${join(folder, name)} ${behaviour}`;
    return { name, command, console: false, stopTimeout: 0.4, ...again, ...options };
  };
  const slave = (name: string, ignores: boolean, options: Partial<GroupOptions> = {}): GroupOptions => {
    const params = { ledger: join(folder, name), ignores };
    const console = join(PROGRAMS, 'slave.mjs');
    return { name, command: 'work', console, params, env: WITHOUT_CACHE, stopTimeout: 0.4, ...again, ...options };
  };
  return [
    program('Sleeps', 'sleeps'),
    program('Obeys', 'obeys', { stopTimeout: 2 }),
    program('Ignores', 'ignores'),
    program('Forks', 'forks'),
    program('Crashes', 'crashes'),
    program('Depends', 'sleeps', { dependsOn: ['Slave'] }),
    slave('Slave', false),
    slave('Deaf', true),
    ...(withDaemons ? [program('Daemon', 'daemon')] : []),
  ];
}
