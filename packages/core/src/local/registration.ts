import type { JournalEntry, JournalRecord } from '../run-directory/journal-entry.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { Cgroup } from './cgroup.js';

/** What of one incarnation stands outside of it: its entry in the journal, and its cgroup where there are any. */
export class Registration {
  readonly #entry: JournalEntry;
  readonly #cgroup: Cgroup | undefined;

  /**
   * @param name `<id>.<incarnation>`
   * @param cgroups where it gets its own
   * @throws RunDirectoryError
   */
  constructor(
    private readonly run: RunDirectory,
    name: string,
    record: JournalRecord,
    cgroups: Cgroup | undefined,
  ) {
    this.#entry = run.register(name, record);
    this.#cgroup = cgroups?.makeChild(name);
  }

  get journalFile(): string {
    return this.#entry.path;
  }

  get cgroup(): string | undefined {
    return this.#cgroup?.path;
  }

  /** For a process that could not register itself. */
  add(pid: number): void {
    this.#entry.complete(pid);
    this.#cgroup?.add(pid);
  }

  /** Kills what is in its cgroup. */
  kill(): void {
    this.#cgroup?.kill();
  }

  /** Its first process is gone: ends what has left its process group, and forgets it. */
  async end(): Promise<void> {
    await this.#cgroup?.end();
    this.run.forget(this.#entry);
  }
}
