import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process, so that no other is taken for it which got its number later.
 *
 * On Linux `/proc` tells when it was started, in clock ticks since the boot; elsewhere `ps` tells the time of day.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  /** Another boot: whatever ran then is gone. Empty where the start is a time of day. */
  readonly boot: string;
}

/** The same `ps` in the scripts of this folder: what it prints must not depend on the user's settings. */
export const PS_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC0' } as const;

const HAS_PROC = process.platform === 'linux';

/** Position of the start time behind the name of the program, which may contain anything (proc_pid_stat(5)). */
const START_TIME = 19;

/** Who this program is. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', boot: bootId() };
}

/** Whether just this process still runs. */
export function isRunning({ pid, startTime, boot }: ProcessIdentity): boolean {
  return boot === bootId() && startTimeOf(pid) === startTime;
}

/** When a process was started; undefined when there is none of this number, or a zombie. */
export function startTimeOf(pid: number): string | undefined {
  return HAS_PROC ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

function startTimeFromProc(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || state === 'Z' || state === 'X' ? undefined : fields[START_TIME - 1];
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const args = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
    const text = execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, ...PS_ENVIRONMENT } });
    const [state = '', ...words] = text.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : words.join(' ');
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return HAS_PROC ? readText('/proc/sys/kernel/random/boot_id').trim() : '';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
