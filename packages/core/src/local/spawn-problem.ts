import { accessSync, constants, statSync } from 'node:fs';
import type { CommandLine } from './command-line.js';

/**
 * Why a program could not be started. Node blames the program also when it is the working directory, and our wrapper
 * when it is the program.
 */
export function spawnProblem(
  error: NodeJS.ErrnoException,
  { command, cwd }: { readonly command: CommandLine; readonly cwd: string | undefined },
): string {
  if (cwd !== undefined && !isFolder(cwd)) return `the working directory ${cwd} does not exist or is no folder`;
  if (cwd !== undefined && !mayEnter(cwd)) return `the working directory ${cwd} may not be entered (EACCES)`;
  return error.syscall?.startsWith('spawn ') ? `spawn ${command.file} ${error.code}` : error.message;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function mayEnter(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
