import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from './account.js';
import { asAccount } from './as-account.js';

const MODE = 0o750;

/**
 * Makes a folder, and those above it, for an account. Where the account may not, root does, and gives it what was made: below
 * a folder that the account cannot write, so it cannot have prepared anything there.
 */
export function makeFolder(folder: string, account: Account | undefined): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    asAccount(account, () => mkdirSync(folder, { recursive: true, mode: MODE }));
  } catch (error) {
    if (account === undefined || !isDenied(error)) throw error;
    makeAsRoot(folder, account);
  }
}

function makeAsRoot(folder: string, account: Account): void {
  const parent = dirname(folder);
  if (statSync(parent, { throwIfNoEntry: false }) === undefined) makeAsRoot(parent, account);
  mkdirSync(folder, { mode: MODE });
  chownSync(folder, account.uid, account.gid);
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
