import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULTS } from '../config/defaults.js';
import { PidFileError, PidFileTakenError } from './pid-file-errors.js';
import { readPidFile } from './pid-record.js';

/** What a name of a file may not have, or should not begin with. */
const ODD = /[^\p{L}\p{N}._@+-]+/gu;
const ODD_START = /^[.@-]+/u;

/** A name of a file for a fleet: the name of a package may have a slash in it. */
export function fileNameOf(fleet: string): string {
  return fleet.replaceAll(ODD, '-').replace(ODD_START, '') || 'master';
}

/**
 * Where the pid file of a fleet is.
 *
 * @param pidPath folder, as the configuration has it; default `var/`
 */
export function pidFileOf(fleet: string, pidPath: string = DEFAULTS.pidPath): string {
  return join(pidPath, `${fileNameOf(fleet)}.pid`);
}

/**
 * Makes the folder of a pid file, and looks whether the file can be written, before anything is started.
 *
 * @throws PidFileTakenError when a master that runs has it
 * @throws PidFileError
 */
export function preparePidFile(path: string): void {
  const holder = readPidFile(path);
  if (holder !== undefined) throw new PidFileTakenError(path, holder.pid);
  try {
    mkdirSync(dirname(path), { recursive: true });
    // `access` would ask for the real user, which is root where it acts for another.
    const probe = `${path}.${process.pid}`;
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
  } catch (error) {
    throw new PidFileError(path, error);
  }
}
