import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { didYouMean } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';

/** Whom a service runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
}

export interface AccountNames {
  /** Name or id. */
  readonly user?: string;
  /** Name or id; default: the group of the user. */
  readonly group?: string;
}

/** Where the system keeps users and groups; `getent` knows those of a directory service, too. */
type Database = 'passwd' | 'group';

/** Where an account without a home is at home, as for `su`. */
const NO_HOME = '/';

/**
 * The account of a user and a group. An id that has no name is taken as it is, where the group is given as well: in
 * containers there may be none.
 *
 * @throws UsageError for what there is not
 */
export function findAccount({ user, group }: AccountNames & { readonly user: string }): Account {
  const [name, , uid, ownGroup, , home] = lookUp('passwd', user) ?? [];
  const id = uid ?? (isId(user) && group !== undefined ? user : undefined);
  if (id === undefined) throw unknown('user', 'passwd', user);
  return {
    uid: Number(id),
    gid: Number(group === undefined ? ownGroup : groupId(group)),
    name: name ?? user,
    home: home || NO_HOME,
  };
}

function groupId(group: string): string {
  const [, , gid] = lookUp('group', group) ?? [];
  const id = gid ?? (isId(group) ? group : undefined);
  if (id === undefined) throw unknown('group', 'group', group);
  return id;
}

function isId(text: string): boolean {
  return /^\d{1,10}$/u.test(text);
}

function unknown(what: string, database: Database, name: string): UsageError {
  const names = entriesOf(database).map(([first = '']) => first);
  const hint = isId(name) && what === 'user' ? ': give --group as well' : didYouMean(name, names);
  return new UsageError(`--${what}: there is no ${what} "${name}" on this machine${hint}`);
}

function lookUp(database: Database, key: string): string[] | undefined {
  // Whatever has a colon or begins with a dash is the name of nobody.
  if (!/^[^-:\s][^:\n]*$/u.test(key)) return undefined;
  try {
    const text = execFileSync('getent', [database, key], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.trim().split(':');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
    return entriesOf(database).find(([name, , id]) => name === key || id === key);
  }
}

/** Those in the file itself. */
function entriesOf(database: Database): string[][] {
  try {
    const lines = readFileSync(`/etc/${database}`, 'utf8').split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(':'));
  } catch {
    return [];
  }
}
