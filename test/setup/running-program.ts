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

/**
 * A program in a process group of its own, as a terminal starts it, without standard input. When the test ends nothing
 * of it may be left: the test fails otherwise.
 */
export class RunningProgram {
  #output = '';
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #deadlineMs: number;
  /** Resolves when the program has ended and its output is closed. */
  readonly end: Promise<ProgramEnd>;

  constructor(program: string, args: readonly string[], { cwd, env = {}, deadlineMs = 100_000 }: ProgramOptions) {
    const marked = programEnv({ ...env, [MARK]: this.#mark.slice(MARK.length + 1) });
    this.#deadlineMs = deadlineMs;
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
    return this.#child.pid!;
  }

  /** How many processes it consists of at the moment. */
  get size(): number {
    return markedProcesses(this.#mark).length;
  }

  /** Waits until the output has this text; fails when the program ends, or takes too long, before. */
  async says(text: string, times = 1): Promise<void> {
    const streams = [this.#child.stdout, this.#child.stderr];
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    while (this.#output.split(text).length <= times) {
      if (streams.every((stream) => stream.closed)) throw new Error(`Ended without saying "${text}":\n${this.#output}`);
      const next = streams.flatMap((stream) => [once(stream, 'data', { signal: deadline }), once(stream, 'close')]);
      await Promise.race(next).catch(() => {
        throw new Error(`Did not say "${text}" in time:\n${this.#output}`);
      });
    }
  }

  /** `group` is what a terminal does on Ctrl-C; `alone` what a service manager, or a person's `kill`, does. */
  send(signal: NodeJS.Signals, to: 'group' | 'alone'): void {
    const pid = this.#child.pid!;
    process.kill(to === 'group' ? -pid : pid, signal);
  }

  async #leaveNothing(): Promise<void> {
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }

  #collect(stream: Readable): void {
    stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }
}
