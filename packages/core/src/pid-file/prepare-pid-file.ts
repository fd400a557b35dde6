import { closeSync, fstatSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULTS } from '../config/defaults.js';
import { PidFileError, PidFileTakenError } from './pid-file-errors.js';
import { masterOf, readPidText } from './pid-record.js';

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
  try {
    const holder = masterOf(readPidText(path));
    if (holder !== undefined) throw new PidFileTakenError(path, holder.pid);
    mkdirSync(dirname(path), { recursive: true });
    probe(`${path}.${process.pid}`);
  } catch (error) {
    throw error instanceof PidFileTakenError ? error : new PidFileError(path, error);
  }
}

/** `access` would ask for the real user, which is root where it acts for another. */
function probe(path: string): void {
  const file = openSync(path, 'wx');
  const { uid } = fstatSync(file);
  closeSync(file);
  rmSync(path);
  // Some shared folders of virtual machines, and NFS for root.
  if (uid !== (process.geteuid?.() ?? uid))
    throw new Error(`files in this folder get another owner (${uid}), so nobody would believe what it says`);
}
