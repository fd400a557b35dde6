import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses, markedProcesses } from './marked-processes.js';
import { programEnv, type ProgramOptions } from './run-to-end.js';

const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_PROGRAM';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface RunningProgramOptions extends ProgramOptions {
  /** Where what is started only enters a place and waits: finds the program itself, by the pid of what is started. */
  readonly leader?: (pid: number) => number | undefined;
}

/**
 * A program in a process group of its own, as a terminal starts it, without standard input. When the test ends nothing
 * of it may be left: the test fails otherwise.
 */
export class RunningProgram {
  #output = '';
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #deadlineMs: number;
  readonly #waiting = new Set<() => void>();
  readonly #leader: (pid: number) => number | undefined;
  /** Resolves when the program has ended and its output is closed. */
  readonly end: Promise<ProgramEnd>;

  constructor(program: string, args: readonly string[], options: RunningProgramOptions) {
    const { cwd, env = {}, deadlineMs = 100_000, leader = (pid: number): number => pid } = options;
    const marked = programEnv({ ...env, [MARK]: this.#mark.slice(MARK.length + 1) });
    this.#deadlineMs = deadlineMs;
    this.#leader = leader;
    this.#child = spawn(program, args, { cwd, env: marked, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) this.#collect(stream);
    this.end = once(this.#child, 'close').then(
      ([code, signal]) => ({ code, signal, output: this.#output }) as ProgramEnd,
    );
    onTestFinished(() => this.#leaveNothing());
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    const pid = this.#leader(this.#child.pid!);
    if (pid === undefined) throw new Error(`It is not running:\n${this.#output}`);
    return pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How many processes it consists of at the moment. */
  get size(): number {
    return markedProcesses(this.#mark).length;
  }

  /** Waits until the output has this text; fails when the program ends, or takes too long, before. */
  async says(text: string, times = 1): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#output.split(text).length > times) resolve();
    };
    const timer = setTimeout(
      () => reject(new Error(`Did not say "${text}" in time:\n${this.#output}`)),
      this.#deadlineMs,
    );
    void this.end.then(() => reject(new Error(`Ended without saying "${text}":\n${this.#output}`)));
    this.#waiting.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  /** `group` is what a terminal does on Ctrl-C; `alone` what a service manager, or a person's `kill`, does. */
  send(signal: NodeJS.Signals, to: 'group' | 'alone'): void {
    const { pid } = this;
    process.kill(to === 'group' ? -pid : pid, signal);
  }

  async #leaveNothing(): Promise<void> {
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }

  #collect(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      for (const look of this.#waiting) look();
    });
  }
}
