import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { repository } from './temporary-folder.js';

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Killed after so long. */
  readonly deadlineMs?: number;
}

/** The environment of this run with the programs of this repository, above all its Node, found first. */
export function programEnv(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${join(repository, 'node_modules/.bin')}${delimiter}${process.env.PATH}`, ...env };
}

/** Runs a program without standard input until it ends by itself. */
export function runToEnd(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { cwd, env, deadlineMs = 110_000 } = options;
  return new Promise((resolve) => {
    const limits = { timeout: deadlineMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
    const child = execFile(program, args, { cwd, env: programEnv(env), ...limits }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
