import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownIdentity, startTimeOf } from './process-identity.js';
import { FleetRunningError } from './run-directory-errors.js';
import { holds, readOwner, writeOwner } from './run-owner.js';

/** A run of a fleet that is ours. */
export interface FleetLock {
  readonly folder: string;
  readonly epoch: number;
  /** Folders of the runs before, none of which is held any more. */
  readonly predecessors: readonly string[];
}

/** Greater numbers are not exact. */
const RUN = /^run-(\d{1,15})$/;
const PREPARED = /^\.new-(\d+)-(.*)-[0-9a-f]+$/;

/**
 * Takes a fleet by the next of a sequence of locks: the folders `run-1`, `run-2` ... Each is made whole, with its owner
 * in it, under another name; the rename succeeds for one of all that try. The highest is never removed, so that
 * whoever was slow sees that it came too late.
 *
 * @param prepare puts into the folder what has to be there as soon as the lock is held. May be called again
 * @throws FleetRunningError
 */
export function takeFleet(fleet: string, fleetFolder: string, prepare: (folder: string) => void = () => {}): FleetLock {
  for (;;) {
    const last = latestRun(fleetFolder);
    const before = last === 0 ? undefined : readOwner(runFolder(fleetFolder, last));
    // It was removed while we looked: then there is a higher one.
    if (before === undefined && latestRun(fleetFolder) !== last) continue;
    if (before !== undefined && holds(before)) throw new FleetRunningError(fleet, before.pid);
    const epoch = Math.max((before?.epoch ?? 0) + 1, Date.now());
    if (tryRun(fleetFolder, last + 1, epoch, prepare)) return lockOf(fleetFolder, last + 1, epoch);
  }
}

/** Who holds a fleet at this moment; undefined: nobody does. */
export function holderOf(fleetFolder: string): { readonly pid: number; readonly folder: string } | undefined {
  if (!existsSync(fleetFolder)) return undefined;
  for (;;) {
    const last = latestRun(fleetFolder);
    const folder = runFolder(fleetFolder, last);
    const owner = readOwner(folder);
    if (owner !== undefined) return holds(owner) ? { pid: owner.pid, folder } : undefined;
    // It was removed while we looked: then there is a higher one.
    if (latestRun(fleetFolder) === last) return undefined;
  }
}

function lockOf(fleetFolder: string, number: number, epoch: number): FleetLock {
  removeAbandoned(fleetFolder);
  const predecessors = runNumbers(fleetFolder)
    .filter((each) => each < number)
    .map((each) => runFolder(fleetFolder, each))
    // One that lives came too late, and will see it.
    .filter((folder) => !isHeld(folder));
  return { folder: runFolder(fleetFolder, number), epoch, predecessors };
}

function isHeld(folder: string): boolean {
  const owner = readOwner(folder);
  return owner !== undefined && holds(owner);
}

/** @returns false when another was faster */
function tryRun(fleetFolder: string, number: number, epoch: number, prepare: (folder: string) => void): boolean {
  const { pid, startTime } = ownIdentity();
  const own = join(fleetFolder, `.new-${pid}-${startTime}-${randomBytes(4).toString('hex')}`);
  const target = runFolder(fleetFolder, number);
  mkdirSync(own, { mode: 0o700 });
  try {
    writeOwner(own, epoch);
    prepare(own);
    renameSync(own, target);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (isTaken(error)) return false;
    throw error;
  }
  if (latestRun(fleetFolder) === number) return true;
  // The number was used and removed before: somebody has a higher one.
  rmSync(target, { recursive: true, force: true });
  return false;
}

function isTaken(error: unknown): boolean {
  return ['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** What launchers left that were killed while they tried. */
function removeAbandoned(fleetFolder: string): void {
  for (const name of readdirSync(fleetFolder)) {
    const [, pid, startTime] = PREPARED.exec(name) ?? [];
    if (pid !== undefined && startTimeOf(Number(pid)) !== startTime)
      rmSync(join(fleetFolder, name), { recursive: true, force: true });
  }
}

/** 0: there is none. */
function latestRun(fleetFolder: string): number {
  return runNumbers(fleetFolder).at(-1) ?? 0;
}

function runNumbers(fleetFolder: string): number[] {
  const numbers = readdirSync(fleetFolder).map((name) => Number(RUN.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).toSorted((a, b) => a - b);
}

function runFolder(fleetFolder: string, number: number): string {
  return join(fleetFolder, `run-${number}`);
}
