import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { ControlClient, controlSocket, type LauncherOptions } from '@distributed-architecture/core';

const DEADLINE_MS = 120_000;

/** Of what an error shows. */
const LONGEST_OUTPUT = 8000;

export interface MasterPlan {
  /** JSON of its groups. */
  readonly file: string;
  readonly options: LauncherOptions;
  /** Whether the place of its control socket is taken. */
  readonly blocks?: boolean;
}

export interface MasterPlace {
  readonly program: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whose process it is. Default: of whoever starts it; only root may say somebody else. */
  readonly uid?: number;
}

/** A master that is a program of its own, and may be killed at will. */
export class MasterProgram {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #waiting = new Set<() => void>();
  /** Its log and what it tells of its processes. */
  output = '';
  /** Resolves with its exit code, or null when a signal has ended it. */
  readonly end: Promise<number | null>;
  ended = false;

  constructor({ program, cwd, env, uid }: MasterPlace, plan: MasterPlan) {
    const identity = uid === undefined ? {} : { uid, gid: uid };
    this.#child = spawn(process.execPath, [program, JSON.stringify(plan)], {
      ...{ cwd, env, ...identity },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.end = once(this.#child, 'exit').then(([code]) => {
      this.ended = true;
      this.#look();
      return code as number | null;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Folder of its run, once all was started. */
  async folder(): Promise<string> {
    await this.says('runs in ');
    return /^runs in (.+)$/mu.exec(this.output)![1]!;
  }

  /** @param timeout seconds that an answer may take */
  async client(timeout = 30): Promise<ControlClient> {
    return new ControlClient(controlSocket(await this.folder()), { timeout });
  }

  /** Waits for so many lines that have this text. */
  async says(text: string, times = 1): Promise<void> {
    await this.until(`"${text}"`, () => this.output.split(text).length > times);
  }

  /** Looks at each output whether it holds. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (why: string): void =>
      reject(new Error(`${why} before ${what}:\n${this.output.slice(-LONGEST_OUTPUT)}`));
    const look = (): void => {
      if (condition()) resolve();
      else if (this.ended) fail('It has ended');
    };
    const timer = setTimeout(() => fail('The time was over'), DEADLINE_MS);
    this.#waiting.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  /** @returns false when it has ended before */
  send(signal: NodeJS.Signals): boolean {
    return this.#child.kill(signal);
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    this.send('SIGTERM');
    return this.end;
  }

  #hear(text: string): void {
    this.output += text;
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}
