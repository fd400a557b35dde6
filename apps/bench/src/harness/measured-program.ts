import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Sample } from './benchmark.js';
import { startProgram, type ProgramOptions } from './program.js';
import type { Scope } from './scope.js';
import { within } from './wait.js';
import { readResult } from './report-result.js';

/** Lines that an error shows. */
const LAST_LINES = 40;

/** A program that tells its results in lines of its output. */
export class MeasuredProgram {
  private readonly results: Sample[] = [];
  private readonly last: string[] = [];
  private changed = Promise.withResolvers<void>();
  private exit: number | string | undefined;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => this.onLine(line));
    }
    // Not exit: lines may still come after it.
    child.once('close', (code, signal) => {
      this.exit = code ?? signal ?? 'not started';
      this.tell();
    });
  }

  static async start(
    scope: Scope,
    script: string,
    options: Omit<ProgramOptions, 'stdio'> = {},
  ): Promise<MeasuredProgram> {
    return new MeasuredProgram(await startProgram(scope, script, options));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The next result that is not taken yet. Throws when none comes within a minute, or the program ends. */
  result(): Promise<Sample> {
    return within('a result', this.nextResult());
  }

  /** Waits for the program's end. Throws when that is not a clean one. */
  async ended(): Promise<void> {
    if (this.exit === undefined) await within('the end of a measured program', once(this.child, 'close'));
    if (this.exit !== 0) throw this.failure();
  }

  private async nextResult(): Promise<Sample> {
    for (;;) {
      const result = this.results.shift();
      if (result) return result;
      if (this.exit !== undefined) throw this.failure();
      await this.changed.promise;
    }
  }

  private onLine(line: string): void {
    const result = readResult(line);
    if (result) {
      this.results.push(result);
      this.tell();
      return;
    }
    this.last.push(line);
    if (this.last.length > LAST_LINES) this.last.shift();
  }

  private tell(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }

  private failure(): Error {
    return new Error(`${this.child.spawnargs.join(' ')} ended with ${this.exit}:\n${this.last.join('\n')}`);
  }
}
