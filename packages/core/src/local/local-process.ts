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
import { ProcessGroup } from '../run-directory/process-group.js';
import { processorMs } from './processor-time.js';
import type { Registration } from './registration.js';
import { residentBytes } from './resident-memory.js';
import { spawnProblem } from './spawn-problem.js';
import { wrappedCommand } from './wrapped-command.js';

/**
 * After the exit its streams end with what it said. Something that left the process group may hold them open: then we
 * wait no longer than this for more.
 */
const STREAMS_GRACE_MS = 500;

export interface LocalProcessOptions {
  readonly command: CommandLine;
  readonly registration: Registration;
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly priority: number;
}

/** One incarnation on this machine: a child with a channel, in a process group of its own. */
export class LocalProcess implements HostedProcess {
  readonly #child: ChildProcess;
  readonly #clock = new SystemClock();
  readonly #group: ProcessGroup | undefined;
  readonly #channel: MessagePipe | undefined;
  /** Each passes on what came after the last newline of a stream. */
  readonly #finishStreams: (() => void)[] = [];
  #exited = false;
  /** Resolves when nothing of it is left, after its exit. */
  #left: Promise<void> = Promise.resolve();
  #over = false;
  #paused = false;
  #cancelGrace = (): void => {};

  /** @throws when the system refuses at once */
  constructor(
    private readonly options: LocalProcessOptions,
    private readonly listener: ProcessListener,
  ) {
    this.#child = this.#spawn();
    this.#group = this.#child.pid === undefined ? undefined : new ProcessGroup(this.#child.pid);
    this.#channel = this.#openChannel();
    this.#watch();
  }

  send(message: LauncherMessage): void {
    this.#channel?.send(message);
  }

  terminate(): void {
    this.#group?.signal('SIGTERM');
  }

  kill(): void {
    this.#group?.signal('SIGKILL');
    this.options.registration.kill();
    // What it has said fits into its pipes, and its exit is told after that.
    this.resumeReading();
  }

  residentBytes(): number | undefined {
    return this.#child.pid === undefined || this.#exited ? undefined : residentBytes(this.#child.pid);
  }

  processorMs(): number | undefined {
    return this.#child.pid === undefined || this.#exited ? undefined : processorMs(this.#child.pid);
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

  #spawn(): ChildProcess {
    const { command, registration, cwd, env } = this.options;
    const wrapped = wrappedCommand(command, env, registration);
    const { file, args } = wrapped ?? command;
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    if (wrapped === undefined && child.pid !== undefined) registration.add(child.pid);
    return child;
  }

  #watch(): void {
    const child = this.#child;
    child.once('spawn', () => this.#onSpawn());
    child.on('error', (error) => this.#onError(error));
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
      this.listener.received(message);
      this.#armGrace();
    });
  }

  #read(stream: Readable | null, level: LogLevel): void {
    const splitter = new LineSplitter();
    const pass = (lines: string): void => {
      if (lines !== '') this.listener.said(level, lines);
    };
    stream?.on('data', (chunk: Buffer) => {
      pass(splitter.push(chunk));
      this.#armGrace();
    });
    this.#finishStreams.push(() => pass(splitter.end()));
  }

  #onSpawn(): void {
    const pid = this.#child.pid!;
    const { priority } = this.options;
    if (priority !== constants.priority.PRIORITY_NORMAL) this.#prioritize(pid, priority);
    this.listener.spawned(pid);
  }

  #prioritize(pid: number, priority: number): void {
    try {
      setPriority(pid, priority);
    } catch (error) {
      this.listener.warned(
        `Priority ${priority} is not allowed here, running at normal priority: ${(error as Error).message}`,
      );
    }
  }

  /** Without a pid it never ran; later errors are of a message to a process that is gone. */
  #onError(error: NodeJS.ErrnoException): void {
    if (this.#child.pid !== undefined || this.#over) return;
    this.#over = true;
    void this.options.registration.end();
    this.listener.spawnFailed(spawnProblem(error, this.options));
  }

  /** What it left in its process group and in its cgroup ends with it. */
  #onExit(): void {
    this.#group?.end();
    this.#left = this.options.registration.end();
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
    void this.#left.then(() => this.listener.exited(code, signal));
  }
}
