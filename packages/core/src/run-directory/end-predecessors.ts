import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogLevel } from '../logger/logger.js';
import { cleanerScript } from './cleaner-script.js';
import { ownIdentity } from './process-identity.js';
import { RunDirectoryError } from './run-directory-errors.js';
import { readOwner } from './run-owner.js';
import { hasShell, SHELL } from './shell.js';

type Log = (level: LogLevel, message: string) => void;

/** Exit codes of the script. */
const DONE = 0;
const SOME_STUCK = 1;

/** Whatever ends the shell that cleans up may end the next one as well. */
const MOST_ATTEMPTS = 10;

const ENTRY = /^\d+\.\d+$/;

const FATES: Readonly<Record<string, readonly [LogLevel, string]>> = {
  ended: ['log', 'has ended'],
  killed: ['warn', 'was killed after its stop_timeout'],
  stuck: ['error', 'cannot be ended, going on without'],
};

/** Ends what dead launchers have left, and removes their runs. Resolves when all of it is gone. */
export async function endPredecessors(folders: readonly string[], log: Log): Promise<void> {
  await Promise.all(folders.map((folder) => endPredecessor(folder, log)));
}

async function endPredecessor(folder: string, log: Log): Promise<void> {
  const owner = readOwner(folder);
  const left = readdirSync(folder).filter((name) => ENTRY.test(name));
  const needsCleaning = left.length > 0 || existsSync(join(folder, 'cgroup'));
  const isOfThisBoot = owner?.boot === ownIdentity().boot;
  if (!needsCleaning || !isOfThisBoot || !hasShell()) return rmSync(folder, { recursive: true, force: true });
  log('warn', `The master before (pid ${owner.pid}) has died, ending what it has left: ${describe(left.length)}`);
  for (let attempt = 1; !(await clean(folder, log)); attempt++) {
    if (attempt === MOST_ATTEMPTS) throw new RunDirectoryError(folder, 'what its launcher left cannot be ended');
    log('warn', 'The shell that ends what the master before has left was itself ended, starting another');
  }
}

/**
 * In a session of its own: it goes on when this launcher is killed meanwhile.
 *
 * @returns false when somebody has ended it before its work was done
 */
async function clean(folder: string, log: Log): Promise<boolean> {
  const args = ['-c', cleanerScript(), 'sh', folder, 'now', 'remove'];
  const shell = spawn(SHELL, args, { cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: shell.stdout });
  lines.on('line', (line) => tell(line, log));
  const [code] = (await once(shell, 'close')) as [number | null];
  return code === DONE || code === SOME_STUCK;
}

function tell(line: string, log: Log): void {
  const [fate = '', entry = '', pid = ''] = line.split(' ');
  const [level, text] = FATES[fate] ?? ['log', fate];
  log(level, `Process ${entry} (pid ${pid}) of the master before ${text}`);
}

function describe(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`;
}
