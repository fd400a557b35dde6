import { RunDirectory } from './run-directory.js';
import type { Timeline } from './timeline.js';

const FIRST_PID = 2;
/** So few that a pid is soon used again. */
const PIDS = 60;

/** A simulated machine: processes, and a disk with the run directory. */
export class Machine {
  suspended = false;
  /** When it went on after it was suspended. */
  resumedAt = -Infinity;
  readonly runs = new RunDirectory();
  readonly #processes = new Map<number, SimProcess>();
  #lastPid = 0;
  #births = 0;

  constructor(
    readonly name: string,
    readonly timeline: Timeline,
    /** How fast its clock runs. */
    readonly rate = 1,
  ) {}

  /** A new process: the leader of a group of its own, or a member of the given group. */
  spawn(name: string, group?: number): SimProcess {
    const pid = this.#freePid();
    const process = new SimProcess(this, pid, group ?? pid, ++this.#births, name);
    this.#processes.set(pid, process);
    return process;
  }

  /** Undefined when no process has this pid. */
  find(pid: number): SimProcess | undefined {
    return this.#processes.get(pid);
  }

  inGroup(group: number): SimProcess[] {
    return [...this.#processes.values()].filter((each) => each.group === group);
  }

  killGroup(group: number): void {
    for (const each of this.inGroup(group)) each.kill();
  }

  suspend(): void {
    this.suspended = true;
  }

  resume(): void {
    this.suspended = false;
    this.resumedAt = this.timeline.now;
    for (const each of [...this.#processes.values()]) each.thaw();
  }

  forget(process: SimProcess): void {
    this.#processes.delete(process.pid);
  }

  #freePid(): number {
    do this.#lastPid = (this.#lastPid + 1) % PIDS;
    while (this.#isUsed(FIRST_PID + this.#lastPid));
    return FIRST_PID + this.#lastPid;
  }

  /** By a process, or by a group whose leader is gone. */
  #isUsed(pid: number): boolean {
    if (this.#processes.has(pid)) return true;
    for (const { group } of this.#processes.values()) if (group === pid) return true;
    return false;
  }
}

interface Task {
  /** What comes from outside is handled before timers when a process goes on after a stop, as an event loop does it. */
  readonly kind: 'input' | 'timer';
  readonly action: () => void;
  cancelled: boolean;
}

/** A process of a simulated machine. It lives on its own: nothing but its own doings, signals and the machine end it. */
export class SimProcess {
  alive = true;
  /** By SIGSTOP. */
  stopped = false;
  /** What SIGTERM does; undefined: it ends the process. */
  onTerminate: (() => void) | undefined;
  readonly #onDeath: ((code: number | null, signal: NodeJS.Signals | null) => void)[] = [];
  #backlog: Task[] = [];

  constructor(
    readonly machine: Machine,
    readonly pid: number,
    /** Process group. */
    readonly group: number,
    /** Start time, unique on the machine: with the pid it names a process for ever. */
    readonly born: number,
    readonly name: string,
  ) {}

  get frozen(): boolean {
    return this.stopped || this.machine.suspended;
  }

  /** Does something later, if it lives then; while it is frozen that waits. Returns the function that cancels it. */
  after(ms: number, action: () => void, kind: Task['kind'] = 'timer'): () => void {
    const task: Task = { kind, action, cancelled: false };
    const cancel = this.machine.timeline.after(ms, () => this.#due(task));
    return () => {
      task.cancelled = true;
      cancel();
    };
  }

  onDeath(listener: (code: number | null, signal: NodeJS.Signals | null) => void): void {
    this.#onDeath.push(listener);
  }

  exit(code: number): void {
    this.#die(code, null);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#die(null, signal);
  }

  /** SIGTERM: waits while the process is frozen. */
  terminate(): void {
    this.after(0, () => (this.onTerminate === undefined ? this.kill('SIGTERM') : this.onTerminate()), 'input');
  }

  stop(): void {
    this.stopped = true;
  }

  continue(): void {
    this.stopped = false;
    this.thaw();
  }

  /** Does what has waited while it was frozen. */
  thaw(): void {
    if (this.frozen) return;
    const waiting = this.#backlog;
    this.#backlog = [];
    for (const task of waiting) if (task.kind === 'input') this.#due(task);
    for (const task of waiting) if (task.kind === 'timer') this.#due(task);
  }

  #due(task: Task): void {
    if (!this.alive || task.cancelled) return;
    if (this.frozen) this.#backlog.push(task);
    else task.action();
  }

  #die(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.alive) return;
    this.alive = false;
    this.machine.forget(this);
    for (const listener of this.#onDeath) listener(code, signal);
  }
}
