import type { JournalEntry, RunFolder } from './run-directory.js';
import type { SimProcess } from './machine.js';
import type { World } from './world.js';

export const LOOK_AGAIN_MS = 20;

/**
 * Ends what a dead launcher has left, by the rules of the run directory: close the run, then read its journal; programs
 * get SIGTERM, what is left after its stop timeout is killed. Done by a watchdog or a successor, or by both at once.
 */
export function cleanUp(world: World, worker: SimProcess, folder: RunFolder, done: () => void): void {
  folder.closed = true;
  world.note(() => `${worker.name} closes run ${folder.number}`);
  worker.after(world.latencyMs(), () => new CleanUp(world, worker, folder, done).begin());
}

/** Kills at once what the journal names. */
export function killRegistered(world: World, worker: SimProcess, folder: RunFolder): void {
  new CleanUp(world, worker, folder, () => {}).kill();
}

class CleanUp {
  readonly #begunAt: number;
  readonly #left: Map<string, JournalEntry>;

  constructor(
    private readonly world: World,
    private readonly worker: SimProcess,
    private readonly folder: RunFolder,
    private readonly done: () => void,
  ) {
    this.#begunAt = world.now;
    this.#left = new Map(folder.journal);
  }

  begin(): void {
    for (const entry of this.#left.values()) {
      if (entry.isProgram && this.#lives(entry)) this.#signal(entry, (each) => each.terminate());
    }
    this.#look();
  }

  kill(): void {
    for (const entry of this.#left.values()) if (this.#isOurs(entry)) this.#signal(entry, (each) => each.kill());
  }

  #look(): void {
    for (const [name, entry] of this.#left) {
      const overdue = this.world.now - this.#begunAt >= entry.stopTimeoutMs;
      if (this.#lives(entry) && !overdue) continue;
      if (this.#isOurs(entry)) this.#signal(entry, (each) => each.kill());
      this.#left.delete(name);
    }
    if (this.#left.size > 0) return void this.worker.after(LOOK_AGAIN_MS, () => this.#look());
    this.folder.remove();
    this.done();
  }

  #lives({ pid, born }: JournalEntry): boolean {
    const found = this.worker.machine.find(pid);
    return found !== undefined && (found.born === born || this.world.has('start-times-off'));
  }

  /** Without its leader a group still has its number; a leader of that number which was born later has another group. */
  #isOurs(entry: JournalEntry): boolean {
    return this.#lives(entry) || this.worker.machine.find(entry.pid) === undefined;
  }

  #signal({ pid }: JournalEntry, signal: (process: SimProcess) => void): void {
    for (const each of this.worker.machine.inGroup(pid)) {
      this.world.judge.signalled(each, this.folder);
      signal(each);
    }
  }
}
