import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import type { AgentIdentity } from '../agent-channel/agent-message.js';
import { packageVersion } from '../agent-channel/package-version.js';
import { makePrivateFolder, userFolder } from '../run-directory/private-folder.js';
import { buildOf } from '../agent-channel/build-id.js';

/**
 * Who the agent of this program is.
 *
 * @param entry the script of which it is the agent
 */
export function ownIdentity(name: string, entry: string): AgentIdentity {
  return { version: packageVersion(), build: buildOf(entry), node: process.version, place: placeOf(name) };
}

/**
 * The machine since its last boot, as this program sees its processes and files, and the run directory. Where that
 * cannot be told no two places are the same.
 */
function placeOf(name: string): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const spaces = ['pid', 'mnt'].map((each) => readlinkSync(`/proc/self/ns/${each}`));
    return [boot, ...spaces, runDirectory(), name].join(' ');
  } catch {
    return randomUUID();
  }
}

/** One that was removed (a logout takes XDG_RUNTIME_DIR away) and made again knows nothing of who lived there. */
function runDirectory(): string {
  const folder = userFolder();
  makePrivateFolder(folder);
  const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
  return [folder, dev, ino, birthtimeNs].join(':');
}
