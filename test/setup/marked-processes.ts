import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process that was told to end may take to be gone: somebody has to reap it. */
const GRACE_MS = 2000;

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes that have `mark` (`NAME=value`) in their environment: all that a run has started, however far down and
 * detached they are. Not this process itself.
 */
export function markedProcesses(mark: string): FoundProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(pid, 'environ').split('\0').includes(mark))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Those that are still there after a short while; they are killed. */
export async function endMarkedProcesses(mark: string): Promise<FoundProcess[]> {
  const deadline = performance.now() + GRACE_MS;
  let left = markedProcesses(mark);
  while (left.length > 0 && performance.now() < deadline) {
    await delay(50);
    left = markedProcesses(mark);
  }
  for (const { pid } of left) kill(pid);
  return left;
}

/** Empty for a process that has just ended, is a zombie, or is another user's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
