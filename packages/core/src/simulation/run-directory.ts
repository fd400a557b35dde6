/** What the journal says of an incarnation that was started. */
export interface JournalEntry {
  readonly pid: number;
  readonly born: number;
  /** A program of its own does not notice that its launcher is gone. */
  readonly isProgram: boolean;
  readonly stopTimeoutMs: number;
}

/** Who has a run: a process, known by its pid and start time. */
export interface Holder {
  readonly alive: boolean;
}

/** The folder of one run: its lock and its journal. */
export class RunFolder {
  /** Whoever cleans up says so first: from then on nothing of this run may begin. */
  closed = false;
  /** False once it was cleaned up: nothing can be written into it any more. */
  exists = true;
  readonly journal = new Map<string, JournalEntry>();

  constructor(
    readonly number: number,
    readonly epoch: number,
    readonly holder: Holder,
  ) {}

  remove(): void {
    this.exists = false;
    this.journal.clear();
  }
}

/** The run directory of the fleet on a machine's disk: it survives every process. */
export class RunDirectory {
  readonly folders: RunFolder[] = [];

  get latest(): RunFolder | undefined {
    return this.folders.at(-1);
  }

  /** Those that a dead launcher has left. */
  get left(): RunFolder[] {
    return this.folders.filter(({ exists, holder }) => exists && !holder.alive);
  }

  /** Takes the run with this number; undefined when another was faster. */
  take(number: number, epoch: number, holder: Holder): RunFolder | undefined {
    if ((this.latest?.number ?? 0) >= number) return undefined;
    const folder = new RunFolder(number, epoch, holder);
    this.folders.push(folder);
    return folder;
  }
}
