import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

const SAYS_WITHIN_MS = 20_000;

/**
 * A program that lives as long as its standard input is open: however this process ends, it ends too, and what it
 * holds (namespaces and all that is in them) is gone with it.
 */
export class Keeper {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #said: string[] = [];
  #errors = '';
  readonly #exit: Promise<unknown>;
  #look = (): void => {};

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, { stdio: 'pipe' });
    this.#exit = Promise.race([once(this.#child, 'close'), once(this.#child, 'error')]).catch(String);
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    createInterface(this.#child.stdout).on('line', (line) => {
      this.#said.push(line);
      this.#look();
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Resolves once it has said this line; rejects when it ends, or takes too long, before. */
  async says(line: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (why: string): void => reject(new Error(`${why} before "${line}": ${this.#errors}`));
    const timer = setTimeout(() => fail('Took too long'), SAYS_WITHIN_MS);
    void this.#exit.then(() => fail('Ended'));
    this.#look = () => this.#said.includes(line) && resolve();
    this.#look();
    await promise.finally(() => clearTimeout(timer));
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    await this.#exit;
  }
}
