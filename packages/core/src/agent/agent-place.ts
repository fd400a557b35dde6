import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { holderOf } from '../run-directory/fleet-lock.js';
import { makePrivateFolder, userFolder } from '../run-directory/private-folder.js';
import { RunDirectoryError } from '../run-directory/run-directory-errors.js';

/** Where a fleet's agent is found on this machine. */
export interface AgentPlace {
  readonly fleet: string;
  /** Tells agents of one fleet apart. */
  readonly name: string;
  /** Holds the agent's lock and socket. */
  readonly folder: string;
}

/** An agent that runs. */
export interface RunningAgent {
  readonly pid: number;
  readonly socket: string;
}

/** In the folder of the lock. */
export const SOCKET = 'socket';

/** `sun_path` of unix(7) has 108 bytes with the zero behind it, 104 on other systems. */
const LONGEST_SOCKET = process.platform === 'linux' ? 107 : 103;

const DIGEST_LENGTH = 16;

/**
 * Agents of one fleet that run other code, or with another node, do not stand in each other's way; nor do those that the
 * master takes for different ones.
 *
 * @param target what the master calls the agent
 */
export function agentName(target = ''): string {
  return digest(process.cwd(), process.execPath, target);
}

export function agentPlace(fleet: string, name: string): AgentPlace {
  // No fleet's folder has this character in its name.
  return { fleet, name, folder: join(userFolder(), `@${digest(fleet, name)}`) };
}

/**
 * Makes the folders of an agent, unless they are there.
 *
 * @throws RunDirectoryError when somebody else could have put there what is found
 */
export function makeAgentFolder({ folder }: AgentPlace): void {
  makePrivateFolder(userFolder());
  makePrivateFolder(folder);
}

/** @throws RunDirectoryError when the system takes no such path for a socket */
export function socketPath(folder: string, name: string = SOCKET): string {
  const path = join(folder, name);
  const bytes = Buffer.byteLength(path);
  if (bytes <= LONGEST_SOCKET) return path;
  const reason = `its path has ${bytes} bytes, ${LONGEST_SOCKET} are possible: set XDG_RUNTIME_DIR to a shorter one`;
  throw new RunDirectoryError(path, reason);
}

/** The agent that has this place; one that was found listens, unless it is just ending. */
export function runningAgent({ folder }: AgentPlace): RunningAgent | undefined {
  const holder = holderOf(folder);
  return holder && { pid: holder.pid, socket: socketPath(holder.folder) };
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, DIGEST_LENGTH);
}
