import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Scope } from './scope.js';
import { within } from './wait.js';

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Default: no input, output and errors as pipes. */
  readonly stdio?: StdioOptions;
}

/** Starts a node script that the scope stops: SIGTERM, and after ten seconds SIGKILL. */
export async function startProgram(scope: Scope, script: string, options: ProgramOptions = {}): Promise<ChildProcess> {
  const { args = [], cwd, env, stdio = ['ignore', 'pipe', 'pipe'] } = options;
  const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio });
  await scope.defer(() => stopProgram(child));
  return child;
}

/** Asks the program to end and waits until it did. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(force);
}

/** Resolves when the program has printed `count` lines that `matches`. Throws with its errors when it ends before. */
export function printed(child: ChildProcess, matches: (line: string) => boolean, count = 1): Promise<void> {
  const seen = new Promise<void>((resolve, reject) => {
    let left = count;
    let errors = '';
    child.stderr?.on('data', (data: Buffer) => (errors = (errors + data.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (left > 0) reject(new Error(`${child.spawnargs.join(' ')} ended (${code ?? signal}) too early: ${errors}`));
    });
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (matches(line) && --left === 0) resolve();
    });
  });
  return within(`${count} lines of ${child.spawnargs.join(' ')}`, seen);
}
