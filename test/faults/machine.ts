import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const SUPERVISED = 'DISTRIBUTED_ARCHITECTURE_ROLE=slave';

export interface Found {
  readonly pid: number;
  /** Words end in a zero byte. */
  readonly command: string;
  /** It, or what has started it, has a launcher. */
  readonly supervised: boolean;
}

export type Role = 'master' | 'watchdog' | 'cleaner' | 'wrapper' | 'process' | 'tool';

/** All that runs with this `NAME=value` in its environment. */
export function marked(mark: string): Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid, env: read(pid, 'environ').split('\0') }))
    .filter(({ env }) => env.includes(mark))
    .map(({ pid, env }) => ({ pid: Number(pid), command: read(pid, 'cmdline'), supervised: env.includes(SUPERVISED) }));
}

export function roleOf({ command, supervised }: Found): Role {
  if (command.includes('master.mjs\0')) return 'master';
  if (command.includes('\0watch\0')) return 'watchdog';
  if (command.includes('\0now\0')) return 'cleaner';
  if (command.includes('write_self')) return 'wrapper';
  // What a script of ours runs for a moment.
  return supervised ? 'process' : 'tool';
}

/** A signal to one process; false when there is none any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  if (pid <= 1) throw new Error(`Refused to signal ${pid}`);
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

export async function waitFor(condition: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(5);
  }
  return true;
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
