import { spawn, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { CHANNEL_FD } from '../channel/environment.js';
import type { LauncherMessage } from '../channel/launcher-message.js';
import { SystemClock } from '../clock/system-clock.js';
import type { LogLevel } from '../logger/logger.js';
import type { HostedProcess, ProcessListener } from '../process/process-host.js';
import type { CommandLine } from './command-line.js';
import { LineSplitter } from './line-splitter.js';
import { MessagePipe } from './message-pipe.js';
import { ProcessGroup } from './process-group.js';
import { spawnProblem } from './spawn-problem.js';

/**
 * After the exit its streams end with what it said. Something that left the process group may hold them open: then we
 * wait no longer than this for more.
 */
const STREAMS_GRACE_MS = 500;

export interface LocalProcessOptions extends CommandLine {
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly priority: number;
}

/** One incarnation on this machine: a child with a channel, in a process group of its own. */
export class LocalProcess implements HostedProcess {
  readonly #child: ChildProcess;
  readonly #listener: ProcessListener;
  readonly #clock = new SystemClock();
  readonly #group: ProcessGroup | undefined;
  readonly #channel: MessagePipe | undefined;
  /** Each passes on what came after the last newline of a stream. */
  readonly #finishStreams: (() => void)[] = [];
  #exited = false;
  #over = false;
  #paused = false;
  #cancelGrace = (): void => {};

  constructor(options: LocalProcessOptions, listener: ProcessListener) {
    this.#listener = listener;
    this.#child = spawn(options.file, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.#group = this.#child.pid === undefined ? undefined : new ProcessGroup(this.#child.pid);
    this.#channel = this.#openChannel();
    this.#watch(options);
  }

  send(message: LauncherMessage): void {
    this.#channel?.send(message);
  }

  terminate(): void {
    this.#group?.signal('SIGTERM');
  }

  kill(): void {
    this.#group?.signal('SIGKILL');
  }

  pauseReading(): void {
    this.#paused = true;
    this.#child.stdout?.pause();
    this.#child.stderr?.pause();
  }

  resumeReading(): void {
    this.#paused = false;
    this.#child.stdout?.resume();
    this.#child.stderr?.resume();
    this.#armGrace();
  }

  #watch(options: LocalProcessOptions): void {
    const child = this.#child;
    child.once('spawn', () => this.#onSpawn(options.priority));
    child.on('error', (error) => this.#onError(error, options.cwd));
    child.once('exit', () => this.#onExit());
    child.once('close', (code, signal) => this.#onClose(code, signal));
    this.#read(child.stdout, 'log');
    this.#read(child.stderr, 'warn');
  }

  /** Without a file descriptor to spare there is no child, and there are no streams. */
  #openChannel(): MessagePipe | undefined {
    const stream = this.#child.stdio?.[CHANNEL_FD] as Duplex | null | undefined;
    if (!stream) return undefined;
    return new MessagePipe(stream, (message) => {
      this.#listener.received(message);
      this.#armGrace();
    });
  }

  #read(stream: Readable | null, level: LogLevel): void {
    const splitter = new LineSplitter();
    const pass = (lines: string): void => {
      if (lines !== '') this.#listener.said(level, lines);
    };
    stream?.on('data', (chunk: Buffer) => {
      pass(splitter.push(chunk));
      this.#armGrace();
    });
    this.#finishStreams.push(() => pass(splitter.end()));
  }

  #onSpawn(priority: number): void {
    const pid = this.#child.pid!;
    if (priority !== constants.priority.PRIORITY_NORMAL) this.#prioritize(pid, priority);
    this.#listener.spawned(pid);
  }

  #prioritize(pid: number, priority: number): void {
    try {
      setPriority(pid, priority);
    } catch (error) {
      this.#listener.warned(
        `Priority ${priority} is not allowed here, running at normal priority: ${(error as Error).message}`,
      );
    }
  }

  /** Without a pid it never ran; later errors are of a message to a process that is gone. */
  #onError(error: NodeJS.ErrnoException, cwd: string | undefined): void {
    if (this.#child.pid !== undefined || this.#over) return;
    this.#over = true;
    this.#listener.spawnFailed(spawnProblem(error, cwd));
  }

  /** What it left in its process group ends with it. */
  #onExit(): void {
    this.#group?.signal('SIGKILL');
    this.#group?.close();
    this.#exited = true;
    this.#armGrace();
  }

  #armGrace(): void {
    this.#cancelGrace();
    if (!this.#exited || this.#over || this.#paused) return;
    this.#cancelGrace = this.#clock.setTimer(STREAMS_GRACE_MS, () => this.#abandonStreams());
  }

  #abandonStreams(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#channel?.destroy();
  }

  #onClose(code: number | null, signal: NodeJS.Signals | null): void {
    this.#cancelGrace();
    if (this.#over) return;
    this.#over = true;
    for (const finish of this.#finishStreams) finish();
    this.#listener.exited(code, signal);
  }
}
