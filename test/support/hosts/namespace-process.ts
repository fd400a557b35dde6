import { readdirSync, readlinkSync } from 'node:fs';
import { procFile } from '../processes.js';

/** A process of a host, as this machine sees it. */
export interface HostProcess {
  readonly pid: number;
  /** As the host sees it. */
  readonly innerPid: number;
  readonly parent: number;
  /** The letter of its state, such as S, T (stopped) or Z. */
  readonly state: string;
  readonly command: string;
}

/** The processes of the pid namespace whose first process is `init`, but for that one. */
export function processesOf(init: number): HostProcess[] {
  const namespace = pidNamespace(init);
  if (namespace === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== init && pidNamespace(Number(name)) === namespace)
    .map((name) => describe(Number(name)))
    .filter((found) => found !== undefined);
}

/** Undefined when the process is gone. */
function pidNamespace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function describe(pid: number): HostProcess | undefined {
  const status = procFile(pid, 'status');
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1];
  const inner = field('NSpid')?.split('\t').at(-1);
  if (inner === undefined) return undefined;
  const command = procFile(pid, 'cmdline').replaceAll('\0', ' ').trim() || `[${field('Name')}]`;
  return { pid, innerPid: Number(inner), parent: Number(field('PPid')), state: field('State')!.slice(0, 1), command };
}
