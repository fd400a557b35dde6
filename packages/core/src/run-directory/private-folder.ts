import { accessSync, chmodSync, constants, lstatSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { RunDirectoryError } from './run-directory-errors.js';

const PRIVATE = 0o700;
const RIGHTS_OF_OTHERS = 0o077;

/** The user's own folder for all fleets: in `$XDG_RUNTIME_DIR`, else in `/run` (root), else in the temporary folder. */
export function userFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(baseFolder(env), `distributed-architecture-${ownUid()}`);
}

function baseFolder(env: NodeJS.ProcessEnv): string {
  const session = env.XDG_RUNTIME_DIR;
  // `su` and `sudo -E` leave the variable of another user, which that user's logout takes away.
  if (session !== undefined && isAbsolute(session) && isOwnFolder(session)) return session;
  return ownUid() === 0 && isOwnFolder('/run') && isWritable('/run') ? '/run' : tmpdir();
}

/** In containers all but the temporary folder may be read-only. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isOwnFolder(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isDirectory() && stats.uid === ownUid();
  } catch {
    // It is not there, or in a folder that we may not enter.
    return false;
  }
}

/**
 * Makes a folder that nobody else can look into, unless it is there.
 *
 * @throws RunDirectoryError when it cannot be made, or somebody else has made it or can write it
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { mode: PRIVATE });
    chmodSync(path, PRIVATE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, error);
  }
  const flaw = flawOf(lstatSync(path));
  if (flaw !== undefined) throw new RunDirectoryError(path, flaw);
}

/** What makes it unfit to decide what is killed. */
function flawOf(stats: Stats): string | undefined {
  if (!stats.isDirectory()) return 'it is a link or a file, not a folder: remove it';
  if (stats.uid !== ownUid()) return `it belongs to the user ${stats.uid}: remove it, or set XDG_RUNTIME_DIR`;
  const rights = stats.mode & 0o777;
  return (rights & RIGHTS_OF_OTHERS) === 0
    ? undefined
    : `others have rights to it (mode ${rights.toString(8)}): remove it`;
}

/** The error of a run directory that could not be written. */
export function unusable(path: string, error: unknown): RunDirectoryError {
  if (error instanceof RunDirectoryError) return error;
  const reason = `${(error as Error).message}. XDG_RUNTIME_DIR may name a folder of yours that can be written`;
  return new RunDirectoryError(path, reason, { cause: error });
}

function ownUid(): number {
  return process.getuid?.() ?? 0;
}
