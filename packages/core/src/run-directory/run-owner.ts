import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** The launcher of a run, as it is written in the run's folder. */
export interface RunOwner extends ProcessIdentity {
  readonly epoch: number;
  /** True when it has given the run back: it may still live, but runs nothing. */
  readonly released: boolean;
}

const HELD = 'owner';
const RELEASED = 'released';

export function writeOwner(folder: string, epoch: number): void {
  writeFileSync(join(folder, HELD), JSON.stringify({ ...ownIdentity(), epoch }), { flag: 'wx', mode: 0o600 });
}

/** From now on another launcher may follow. */
export function releaseOwner(folder: string): void {
  try {
    renameSync(join(folder, HELD), join(folder, RELEASED));
  } catch (error) {
    // Somebody has removed the folder: nothing is held then.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Undefined when the folder is gone, or was damaged by a crash of the machine. */
export function readOwner(folder: string): RunOwner | undefined {
  return read(folder, HELD) ?? read(folder, RELEASED);
}

/** Whether its launcher runs. */
export function holds(owner: RunOwner): boolean {
  return !owner.released && isRunning(owner);
}

function read(folder: string, name: string): RunOwner | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunOwner;
    return { ...owner, released: name === RELEASED };
  } catch {
    return undefined;
  }
}
