import { statSync } from 'node:fs';

/** Why a program could not be started. Node blames the program also when it is the working directory that is missing. */
export function spawnProblem(error: Error, cwd: string | undefined): string {
  if (cwd === undefined || isFolder(cwd)) return error.message;
  return `the working directory ${cwd} does not exist or is no folder`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
