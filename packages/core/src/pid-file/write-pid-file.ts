import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PidFileError, PidFileTakenError } from './pid-file-errors.js';
import { masterOf, readPidText, recordText, type PidRecord } from './pid-record.js';

/** Everybody may know who runs; the umask may say otherwise. */
const MODE = 0o644;

/** Somebody else is just replacing the file of a dead master. */
const BUSY_MS = 5;

const DIGEST_LENGTH = 12;

/**
 * Writes a pid file. Of several that try at a time one succeeds, also where the file of a dead master is in the way.
 *
 * @throws PidFileTakenError when a master that runs has it
 * @throws PidFileError
 */
export async function writePidFile(path: string, record: PidRecord): Promise<void> {
  const own = `${path}.${record.pid}-${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(own, recordText(record), { flag: 'wx', mode: MODE });
    const holder = await take(path, own);
    if (holder !== undefined) throw new PidFileTakenError(path, holder);
  } catch (error) {
    throw error instanceof PidFileTakenError ? error : new PidFileError(path, error);
  } finally {
    for (const name of [own, `${own}.new`]) removeQuietly(name);
  }
}

/** Removes a pid file, if it is that of this master. */
export function removePidFile(path: string, record: PidRecord): void {
  if (textIfReadable(path) === recordText(record)) removeQuietly(path);
}

/**
 * Makes `path` a link to the file `own`.
 *
 * Who finds the file of a dead master claims the right to replace just that one first, by a file whose name has its digest.
 * A claim is taken in the same way, so that a claim of somebody who died meanwhile holds up nobody.
 *
 * @returns the process id of who holds it
 */
async function take(path: string, own: string): Promise<number | undefined> {
  for (;;) {
    if (link(own, path)) return undefined;
    const found = readPidText(path);
    if (found === undefined) continue;
    const master = masterOf(found);
    if (master !== undefined) return master.pid;
    const claim = `${path}.${digest(found.text)}.stale`;
    if ((await take(claim, own)) !== undefined) await sleep(BUSY_MS);
    else if (replace(path, found.text, { own, claim })) return undefined;
  }
}

/** @returns false when another was faster */
function replace(path: string, stale: string, { own, claim }: { own: string; claim: string }): boolean {
  try {
    if (readPidText(path)?.text !== stale) return false;
    // The file itself stays under its own name: it is needed again where this was only a claim.
    const copy = `${own}.new`;
    linkSync(own, copy);
    renameSync(copy, path);
    return true;
  } finally {
    removeQuietly(claim);
  }
}

/** What cannot be removed (a folder that is read-only by now) is recognized as stale. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing depends on it.
  }
}

/** @returns false when there is a file already */
function link(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function textIfReadable(path: string): string | undefined {
  try {
    return readPidText(path)?.text;
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}
