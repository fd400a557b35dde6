import { readFileSync, readdirSync } from 'node:fs';
import { waitUntil } from './wait.js';

/** Linux counts CPU time for /proc in ticks of 10 ms (USER_HZ), whatever the kernel's own clock does. */
const TICKS_PER_SECOND = 100;

/** Resident memory in MB (2^20 bytes). */
export function residentMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!match) throw new Error(`Process ${pid} has no memory any more`);
  return Number(match[1]) / 1024;
}

/** Open file descriptors. */
export function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** CPU time that the process itself has used so far, in seconds; its children are not in it. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** True while the process runs; a zombie, which only waits for its parent to notice, does not. */
export function isAlive(pid: number): boolean {
  try {
    const [state] = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** Resolves when none of the processes runs. */
export async function allGone(pids: readonly number[]): Promise<void> {
  let left = [...pids];
  const someAreGone = () => (left = left.filter(isAlive)).length === 0;
  await waitUntil(`processes to end, of ${pids.length}`, someAreGone, 1);
}

/** The fields from `state` on: the second one, the program's name, may hold spaces and brackets. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
