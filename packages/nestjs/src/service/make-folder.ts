import { closeSync, constants, fchownSync, mkdirSync, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Account } from './account.js';
import { asAccount } from './as-account.js';
import { firstMissing, flawOfParents, withoutLinksOfRoot } from './parents-of-root.js';

const MODE = 0o750;

/** What was just made, and nothing that a link leads to. */
const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Makes a folder, and those above it, for an account. Where the account may not, root makes the first that is missing and
 * gives it to the account: only below folders in which nobody but root can have prepared anything.
 *
 * @throws the system's error, or one that says where root makes nothing
 */
export function makeFolder(folder: string, account: Account | undefined): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    makeAs(folder, account);
  } catch (error) {
    if (account === undefined || !isDenied(error)) throw error;
    makeFirstAsRoot(withoutLinksOfRoot(resolve(folder), account), account);
    makeAs(folder, account);
  }
}

function makeAs(folder: string, account: Account | undefined): void {
  asAccount(account, () => mkdirSync(folder, { recursive: true, mode: MODE }));
}

function makeFirstAsRoot(folder: string, account: Account): void {
  const flaw = flawOfParents(folder, account);
  if (flaw !== undefined)
    throw new Error(`for ${account.name} root makes no folder there, since ${flaw}: make ${folder} first`);
  const first = firstMissing(folder);
  if (first === undefined) return;
  mkdirSync(first, { mode: MODE });
  const made = openSync(first, FLAGS);
  try {
    fchownSync(made, account.uid, account.gid);
  } finally {
    closeSync(made);
  }
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
