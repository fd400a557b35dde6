import { accessSync, constants } from 'node:fs';

/** Every POSIX system has it; container images without any shell have not. */
export const SHELL = '/bin/sh';

export function hasShell(): boolean {
  try {
    accessSync(SHELL, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
