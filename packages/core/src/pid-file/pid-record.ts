import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { startTimeOf } from '../run-directory/process-identity.js';
import { ownerOf } from './process-owner.js';

/** What a pid file says of a master, a line each. systemd reads the first one. */
export interface PidRecord {
  readonly pid: number;
  /** When it was started, as the system counts: who got its number later is not taken for it. */
  readonly startTime: string;
  /** Its run directory, with the control socket in it. */
  readonly folder: string;
}

/** A file that was found where a pid file should be. */
export interface FoundFile {
  readonly text: string;
  /** Of the file. */
  readonly uid: number;
}

/** The lowest that may be signalled: 0 and 1 are everybody. */
const LOWEST_PID = 2;

const ROOT = 0;

/** A path has 4096 at most. */
const MOST_BYTES = 8192;

/** Whoever may write in the folder could lead us elsewhere by a link. A pipe must not hold us up. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The master that a pid file names; undefined when there is no such file, its master is gone, or it is not to be believed:
 * whom it names is signalled and asked with the rights of who reads it, root's perhaps. So the process has to belong to the
 * owner of the file, unless that is root, and the run directory to the same user.
 */
export function readPidFile(path: string): PidRecord | undefined {
  try {
    return masterOf(readPidText(path));
  } catch {
    return undefined;
  }
}

/** The master that a file names with right, if it runs. */
export function masterOf(found: FoundFile | undefined): PidRecord | undefined {
  const record = parseRecord(found?.text);
  if (found === undefined || record === undefined || startTimeOf(record.pid) !== record.startTime) return undefined;
  // Without users (Windows) every file is root's.
  if (process.getuid === undefined) return record;
  const owner = ownerOf(record.pid);
  const isBelieved = owner !== undefined && (found.uid === owner || found.uid === ROOT);
  return isBelieved && isFolderOf(record.folder, owner) ? record : undefined;
}

export function recordText({ pid, startTime, folder }: PidRecord): string {
  return `${pid}\n${startTime}\n${folder}\n`;
}

/**
 * @returns undefined when it is not there
 * @throws the system's error when it is a link, or cannot be read
 */
export function readPidText(path: string): FoundFile | undefined {
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    return { text: bytes.toString('utf8', 0, readSync(file, bytes)), uid: fstatSync(file).uid };
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, FLAGS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw code === 'ELOOP' ? new Error('it is a link, remove it', { cause: error }) : error;
  }
}

/** Undefined for what no master has written. */
function parseRecord(text: string | undefined): PidRecord | undefined {
  const [pid = '', startTime = '', folder = ''] = (text ?? '').split('\n');
  const isPid = /^\d{1,10}$/.test(pid) && Number(pid) >= LOWEST_PID;
  return isPid && startTime !== '' ? { pid: Number(pid), startTime, folder } : undefined;
}

/** One that is gone, or that we may not look at, leads nowhere: a master that is about to end has none. */
function isFolderOf(folder: string, owner: number): boolean {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === owner;
  } catch {
    return true;
  }
}
