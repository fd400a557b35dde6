import { readFileSync } from 'node:fs';

/** Linux tells processor time in hundredths of a second to programs, whatever the kernel's own clock (time(7)). */
const TICK_MS = 10;

/** Positions behind the name of the program, which may contain anything (proc_pid_stat(5)). */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** Processor time that a process has used so far, in milliseconds; undefined when it is gone, and where there is no /proc. */
export function processorMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
    return Number.isFinite(ticks) ? ticks * TICK_MS : undefined;
  } catch {
    return undefined;
  }
}
