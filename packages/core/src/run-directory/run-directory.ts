import { createHash } from 'node:crypto';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';
import type { LogLevel } from '../logger/logger.js';
import { endPredecessors } from './end-predecessors.js';
import { takeFleet, type FleetLock } from './fleet-lock.js';
import { JournalEntry, type JournalRecord } from './journal-entry.js';
import { keepFresh } from './keep-fresh.js';
import { LeaseFile } from './lease-file.js';
import { makePrivateFolder, unusable, userFolder } from './private-folder.js';
import { RunDirectoryError } from './run-directory-errors.js';
import { releaseOwner } from './run-owner.js';
import { scriptClockMs } from './script-clock.js';
import { hasShell } from './shell.js';
import { Watchdog } from './watchdog.js';

type Log = (level: LogLevel, message: string) => void;

/** Another launcher that ends may remove the folder, empty at that moment, in which we make ours. */
const MAKE_ATTEMPTS = 20;

/** While it exists processes may begin. */
const OPEN = 'open';

/** No name is encoded like this. */
const NAMELESS = '%';

/** With the digest it is less than 255 bytes. */
const LONGEST_NAME = 200;
const DIGEST_LENGTH = 32;

const CGROUP = 'cgroup';
const LEASE = 'lease';

/** An agent that lives ends its processes itself, and is first. */
const LEASE_GRACE_MS = 500;

/**
 * One run of a launcher on this machine, as files: who it is, what lives, and the watchdog that ends that when the
 * launcher dies.
 *
 * ```text
 * <base>/distributed-architecture-<uid>/<fleet>/run-<n>/   of a fleet with a name; .anonymous-XXXXXX/ without one
 *   owner         its launcher and epoch; `released` when it has ended cleanly, and that alone is left then
 *   open          while processes may begin
 *   lease         when all has to end, where the launcher is an agent
 *   cgroup        the cgroup in which each process has its own, where that is possible
 *   <id>.<incarnation>   one live incarnation
 *   feed-<id>.<incarnation>   the socket of a feeder
 * ```
 */
export class RunDirectory {
  readonly #entries = new Set<JournalEntry>();
  #watchdog: Watchdog | undefined;
  #endFreshening = (): void => {};
  readonly #lease: LeaseFile;

  private constructor(
    private readonly run: FleetLock,
    private readonly isNamed: boolean,
    private readonly log: Log,
  ) {
    this.#lease = new LeaseFile(join(run.folder, LEASE), (message) => log('warn', message));
  }

  /**
   * Takes a fleet, and ends what a dead launcher of it has left.
   *
   * @param fleet undefined: a run that nobody else shall know of
   * @throws FleetRunningError when a launcher of the fleet runs
   * @throws RunDirectoryError when it cannot be written, or is not safe
   */
  static async open(fleet: string | undefined, log: Log): Promise<RunDirectory> {
    const run = makeRun(fleet);
    const directory = new RunDirectory(run, fleet !== undefined, log);
    try {
      await endPredecessors(run.predecessors, log);
      directory.#begin();
    } catch (error) {
      await directory.close();
      throw unusable(directory.folder, error);
    }
    return directory;
  }

  get folder(): string {
    return this.run.folder;
  }

  get epoch(): number {
    return this.run.epoch;
  }

  get watchdogPid(): number | undefined {
    return this.#watchdog?.pid;
  }

  /**
   * Makes known that an incarnation is about to run.
   *
   * @param name `<id>.<incarnation>`
   * @throws RunDirectoryError
   */
  register(name: string, record: JournalRecord): JournalEntry {
    try {
      const entry = new JournalEntry(join(this.folder, name), record);
      this.#entries.add(entry);
      return entry;
    } catch (error) {
      throw unusable(this.folder, error);
    }
  }

  /** An incarnation, and all that belonged to it, is gone. */
  forget(entry: JournalEntry): void {
    entry.remove();
    this.#entries.delete(entry);
  }

  /** Where its processes will have their cgroups; undefined: they will have none. */
  noteCgroup(path: string | undefined): void {
    const file = join(this.folder, CGROUP);
    if (path === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${path}\n`, { mode: 0o600 });
  }

  /** All that runs ends, whatever becomes of its launcher, unless this is said again within so long. */
  renewLease(remainingMs: number): void {
    const end = Math.ceil(scriptClockMs() + remainingMs + LEASE_GRACE_MS);
    this.#lease.write(end);
    this.#watchdog?.guardLease();
  }

  /** Gives the fleet back. What could not be ended is left to the watchdog, and to the next launcher of the fleet. */
  async close(): Promise<void> {
    this.#endFreshening();
    this.#lease.close();
    rmSync(join(this.folder, OPEN), { force: true });
    if (this.#entries.size > 0) return this.#closeUncleanly();
    await this.#watchdog?.close();
    this.noteCgroup(undefined);
    rmSync(join(this.folder, LEASE), { force: true });
    if (this.isNamed) return releaseOwner(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
    removeEmpty(dirname(this.folder));
  }

  #closeUncleanly(): void {
    this.#watchdog?.release();
    if (this.isNamed) releaseOwner(this.folder);
  }

  #begin(): void {
    if (hasShell()) this.#watchdog = this.#startWatchdog();
    else this.log('warn', 'There is no /bin/sh: if this launcher is killed, what ignores that is not ended');
    writeFileSync(join(this.folder, OPEN), '', { mode: 0o600 });
    this.#endFreshening = keepFresh(this.folder);
  }

  #startWatchdog(): Watchdog {
    const afterwards = this.isNamed ? 'keep' : 'remove';
    return new Watchdog({ folder: this.folder, afterwards, log: this.log });
  }
}

function makeRun(fleet: string | undefined): FleetLock {
  const parent = userFolder();
  for (let attempt = 1; ; attempt++) {
    try {
      makePrivateFolder(parent);
      return fleet === undefined ? makeAnonymous(parent) : makeNamed(parent, fleet);
    } catch (error) {
      if (error instanceof DistributedArchitectureError && !(error instanceof RunDirectoryError)) throw error;
      if (!isGone(error) || attempt >= MAKE_ATTEMPTS) throw unusable(parent, error);
    }
  }
}

function isGone(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || (cause !== undefined && isGone(cause));
}

function makeAnonymous(parent: string): FleetLock {
  return { folder: mkdtempSync(join(parent, '.anonymous-')), epoch: Date.now(), predecessors: [] };
}

function makeNamed(parent: string, fleet: string): FleetLock {
  const folder = join(parent, folderName(fleet));
  makePrivateFolder(folder);
  return takeFleet(fleet, folder);
}

/** A package's name may have a slash in it; no name begins with a dot, or is longer than file systems allow. */
function folderName(fleet: string): string {
  const name = encodeURIComponent(fleet.toWellFormed()).replace(/^\./, '%2E') || NAMELESS;
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}-${digest(fleet)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others use it.
  }
}
