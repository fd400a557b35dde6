import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 20_000;

/** Whether a process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  return stateOf(pid) !== undefined && stateOf(pid) !== 'Z';
}

/** Looks again and again until the condition holds: the system tells nobody but the parent of a process. */
export async function eventually(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await delay(10);
  }
}

/** A file of /proc/<pid>, empty when the process is gone. */
export function procFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** The letter of the state, such as R, S, T (stopped) or Z. */
export function stateOf(pid: number): string | undefined {
  return statFields(pid)[0];
}

export function niceOf(pid: number): number {
  return Number(statFields(pid)[16]);
}

/** The processes that it has started itself. */
export function childrenOf(pid: number): number[] {
  return procFile(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(procFile(pid, 'status'))?.[1]) / 1024;
}

/** What follows the program's name, which may contain anything, in /proc/<pid>/stat. */
function statFields(pid: number): string[] {
  const stat = procFile(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
