import { execFileSync } from 'node:child_process';
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Account } from './account.js';

const ROOT = 0;

/** As many as the system follows. */
const MOST_LINKS = 40;

/** Only its owner renames or removes what is in such a folder, whoever may write there. */
const STICKY = 0o1000;

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;

/** The uppermost of a folder and those above it that is not there; undefined: it is there. */
export function firstMissing(path: string): string | undefined {
  return withParents(path).find((each) => statsOf(each) === undefined);
}

/**
 * Why root should make nothing below the folders above a path: the account could lead it elsewhere by a link, now or just
 * before it is done.
 *
 * @param path absolute
 */
export function flawOfParents(path: string, account: Account): string | undefined {
  for (const parent of withParents(path)) {
    const stats = statsOf(parent);
    if (stats === undefined) return undefined;
    const flaw = flawOf(stats, account);
    if (flaw !== undefined) return `${parent} ${flaw}`;
  }
  return undefined;
}

/**
 * The path without links that only root can have laid, such as `/var/run` for `/run`.
 *
 * @param path absolute
 */
export function withoutLinksOfRoot(path: string, account: Account, most = MOST_LINKS): string {
  for (const parent of withParents(path)) {
    const stats = statsOf(parent);
    if (stats?.isSymbolicLink() === true && stats.uid === ROOT && most > 0) {
      const target = resolve(dirname(parent), readlinkSync(parent), relative(parent, path));
      return withoutLinksOfRoot(target, account, most - 1);
    }
    if (stats === undefined || flawOf(stats, account) !== undefined) return path;
  }
  return path;
}

function flawOf(stats: Stats, account: Account): string | undefined {
  if (stats.isSymbolicLink()) return 'is a link';
  if (!stats.isDirectory()) return 'is no folder';
  if (stats.uid !== ROOT) return 'does not belong to root';
  if ((stats.mode & STICKY) !== 0) return undefined;
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return 'may be written by everybody';
  if ((stats.mode & WRITABLE_BY_GROUP) !== 0 && isMember(account, stats.gid))
    return `may be written by ${account.name}`;
  return undefined;
}

/** Undefined when it is not there. */
function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** From the root of the file system downwards. */
function withParents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...withParents(parent), path];
}

/** Also by a group that the service itself does not have: its user may have it elsewhere. In doubt it counts as a member. */
function isMember({ gid, name }: Account, group: number): boolean {
  if (gid === group) return true;
  // An id without a name is in no other group.
  if (/^\d+$/u.test(name)) return false;
  try {
    const text = execFileSync('id', ['-G', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.trim().split(/\s+/u).includes(String(group));
  } catch {
    return true;
  }
}
