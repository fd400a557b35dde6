import { readFileSync } from 'node:fs';
import { startTimeOf } from '../run-directory/process-identity.js';

/** What a pid file says of a master, a line each. systemd reads the first one. */
export interface PidRecord {
  readonly pid: number;
  /** When it was started, as the system counts: who got its number later is not taken for it. */
  readonly startTime: string;
  /** Its run directory, with the control socket in it. */
  readonly folder: string;
}

/** The lowest that may be signalled: 0 and 1 are everybody. */
const LOWEST_PID = 2;

/** The master that a pid file names; undefined when there is no such file, or its master is gone. */
export function readPidFile(path: string): PidRecord | undefined {
  const record = parseRecord(readText(path));
  return record !== undefined && isLive(record) ? record : undefined;
}

export function isLive({ pid, startTime }: PidRecord): boolean {
  return startTimeOf(pid) === startTime;
}

export function recordText({ pid, startTime, folder }: PidRecord): string {
  return `${pid}\n${startTime}\n${folder}\n`;
}

/** Undefined for what no master has written. */
export function parseRecord(text: string | undefined): PidRecord | undefined {
  const [pid = '', startTime = '', folder = ''] = (text ?? '').split('\n');
  const isPid = /^\d{1,10}$/.test(pid) && Number(pid) >= LOWEST_PID;
  return isPid && startTime !== '' ? { pid: Number(pid), startTime, folder } : undefined;
}

/** Undefined when it is not there, or cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
