import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How long what was killed may take to be gone before its cgroup is left as it is. */
const EMPTYING_MS = 2000;
const FIRST_WAIT_MS = 1;

/**
 * A cgroup (version 2) of ours: processes in it cannot leave it, whatever session they make. No controller is enabled
 * in it: it is there to be killed whole.
 */
export class Cgroup {
  constructor(readonly path: string) {}

  /** @returns undefined when it cannot be made; one that is there is taken */
  static make(path: string): Cgroup | undefined {
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
    }
    return new Cgroup(path);
  }

  makeChild(name: string): Cgroup | undefined {
    return Cgroup.make(join(this.path, name));
  }

  /** Moves a process that cannot do it itself. One that is gone, or may not be moved, stays. */
  add(pid: number): void {
    tryTo(() => writeFileSync(join(this.path, 'cgroup.procs'), String(pid)));
  }

  kill(): void {
    tryTo(() => this.#killWhole());
  }

  /** Kills what is left in it and removes it. Resolves when it is gone, or cannot be ended. */
  async end(): Promise<void> {
    // Most often nothing is left.
    if (this.remove()) return;
    for (let waitMs = FIRST_WAIT_MS; waitMs < EMPTYING_MS; waitMs *= 2) {
      this.kill();
      if (this.remove()) return;
      await delay(waitMs);
    }
  }

  /** @returns false while there is somebody in it */
  remove(): boolean {
    return removeTree(this.path);
  }

  /** Linux before 5.14 has no `cgroup.kill`. */
  #killWhole(): void {
    const file = join(this.path, 'cgroup.kill');
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return writeFileSync(file, '1');
    const pids = readFileSync(join(this.path, 'cgroup.procs'), 'utf8').split('\n').map(Number);
    // 0 stands for a process of a container that cannot be seen from here; to `kill` it means our own group.
    for (const pid of pids.filter((each) => each > 1)) tryTo(() => process.kill(pid, 'SIGKILL'));
  }
}

/** Where a launcher could make a cgroup for its processes: a name below its own. Undefined without version 2. */
export function cgroupForProcesses(): string | undefined {
  const own = ownCgroup(readText('/proc/self/mountinfo'), readText('/proc/self/cgroup'));
  const name = `distributed-architecture-${process.pid}-${randomBytes(4).toString('hex')}`;
  return own === undefined ? undefined : join(own, name);
}

/** The folder of our own cgroup: the file system may be mounted anywhere, and show only a part of the tree. */
export function ownCgroup(mountinfo: string, cgroup: string): string | undefined {
  const own = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  const mount = mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[fields.indexOf('-') + 1] === 'cgroup2');
  if (own === undefined || mount === undefined) return undefined;
  const [, , , root = '/', point = ''] = mount;
  const below = posix.relative(root, own);
  return below.startsWith('..') ? undefined : posix.join(withoutEscapes(point), below);
}

/** Blanks in paths are written as octal numbers. */
function withoutEscapes(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** A process in it may have made cgroups of its own. */
function removeTree(path: string): boolean {
  if (removeFolder(path)) return true;
  for (const child of foldersIn(path)) removeTree(join(path, child));
  return removeFolder(path);
}

function removeFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // Its processes are gone, or are not ours to end.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
