import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import type { AgentIdentity } from '../agent-channel/agent-message.js';
import { packageVersion } from '../agent-channel/package-version.js';
import { userFolder } from '../run-directory/private-folder.js';

/** Agents of one fleet that run other code, or with another node, do not stand in each other's way. */
export function agentName(): string {
  return createHash('sha256').update(`${process.cwd()}\0${process.execPath}`).digest('hex').slice(0, 16);
}

/** Who the agent of this program is. */
export function ownIdentity(name: string): AgentIdentity {
  return { version: packageVersion(), build: buildId(), node: process.version, place: placeOf(name) };
}

/**
 * The machine since its last boot, as this program sees its processes and files, and the run directory. Where that
 * cannot be told no two places are the same.
 */
function placeOf(name: string): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const spaces = ['pid', 'mnt'].map((each) => readlinkSync(`/proc/self/ns/${each}`));
    return [boot, ...spaces, userFolder(), name].join(' ');
  } catch {
    return randomUUID();
  }
}

/** Of the entry file. */
function buildId(): string {
  try {
    return createHash('sha256').update(readFileSync(process.argv[1]!)).digest('hex').slice(0, 16);
  } catch {
    return '';
  }
}
