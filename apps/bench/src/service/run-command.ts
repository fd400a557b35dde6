import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stopProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { Stopwatch } from '../harness/stopwatch.js';
import { within } from '../harness/wait.js';

/** Of Node. */
export interface Command {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface CommandRun {
  readonly output: string;
  /** From its start until it has ended and its output is read. */
  readonly ms: number;
}

/** Throws when it does not end with 0. */
export async function runCommand(scope: Scope, { args, cwd, env }: Command): Promise<CommandRun> {
  const watch = new Stopwatch();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await scope.defer(() => stopProgram(child));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code, signal] = (await within(`the end of ${args.join(' ')}`, once(child, 'close'))) as [number, string];
  const ms = watch.ms();
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code ?? signal}`);
  return { output: Buffer.concat(chunks).toString(), ms };
}
