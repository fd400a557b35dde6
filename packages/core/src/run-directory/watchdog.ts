import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { ProcessGroup } from './process-group.js';
import type { LogLevel } from '../logger/logger.js';
import { cleanerScript } from './cleaner-script.js';
import { SHELL } from './shell.js';

/** One that dies sooner is started again after so long: whatever ended it may end the next one as well. */
const SHORT_LIFE_MS = 1000;

export interface WatchdogOptions {
  readonly folder: string;
  /** Whether the run's folder stays with its lock, or goes. */
  readonly afterwards: 'keep' | 'remove';
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * A shell that ends what is left of a run when its launcher dies: the pipe to it ends then. It does nothing while the
 * launcher lives, and does not keep it alive.
 */
export class Watchdog {
  #shell: ChildProcess | undefined;
  #startedAt = 0;
  #closed = false;
  #cancelRestart = (): void => {};

  constructor(private readonly options: WatchdogOptions) {
    this.#start();
  }

  /** Undefined between two of them. */
  get pid(): number | undefined {
    return this.#shell?.pid;
  }

  /** From now on the file `lease` counts. */
  guardLease(): void {
    const stdin = this.#shell?.stdin;
    if (stdin?.writable) stdin.write('lease\n');
  }

  /** Ends it: nothing is left to watch. */
  async close(): Promise<void> {
    const shell = this.#leave();
    if (shell?.pid === undefined) return;
    shell.ref();
    const exit = once(shell, 'exit');
    new ProcessGroup(shell.pid).signal('SIGKILL');
    await exit;
  }

  /** Lets it do its work, as if the launcher had died. */
  release(): void {
    this.#leave()?.stdin?.destroy();
  }

  #leave(): ChildProcess | undefined {
    this.#closed = true;
    this.#cancelRestart();
    return this.#shell;
  }

  #start(): void {
    const { folder, afterwards } = this.options;
    this.#startedAt = performance.now();
    const shell = spawn(SHELL, ['-c', cleanerScript(), 'sh', folder, 'watch', afterwards], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    // One that is gone tells by its exit.
    shell.stdin?.on('error', () => {});
    shell.once('exit', (code, signal) => this.#onEnd(`was ended by ${signal ?? `itself (${code})`}`));
    shell.once('error', (error) => this.#onEnd(`could not be started (${error.message})`));
    this.#shell = shell;
  }

  #onEnd(how: string): void {
    this.#shell = undefined;
    if (this.#closed) return;
    this.options.log('warn', `The watchdog ${how}, starting another`);
    if (performance.now() - this.#startedAt >= SHORT_LIFE_MS) return this.#start();
    const timer = setTimeout(() => this.#start(), SHORT_LIFE_MS).unref();
    this.#cancelRestart = () => clearTimeout(timer);
  }
}
