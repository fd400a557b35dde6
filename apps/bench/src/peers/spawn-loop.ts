import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Scope } from '../harness/scope.js';
import { stopProgram } from '../harness/program.js';
import { within } from '../harness/wait.js';

/**
 * The bare way: a loop of spawn, and readline on each output. Resolves when each program has printed `line`.
 *
 * Detached, as the programs of every supervisor are: on a busy machine Linux shares the CPU out by session
 * (sched_autogroup), and programs of one session would look slower than they are.
 */
export async function spawnLoop(scope: Scope, script: string, count: number, line: string): Promise<ChildProcess[]> {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true }),
  );
  await scope.defer(async () => void (await Promise.all(children.map(stopProgram))));
  await within(`${count} times ${line}`, Promise.all(children.map((child) => hasPrinted(child, line))));
  return children;
}

function hasPrinted(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)));
    createInterface({ input: child.stdout! }).on('line', (said) => {
      if (said === line) resolve();
    });
  });
}

export function pidsOf(children: readonly ChildProcess[]): number[] {
  return children.map(({ pid }) => pid!);
}
