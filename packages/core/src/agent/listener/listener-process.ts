import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { CHANNEL_FD } from '../../channel/environment.js';
import type { CommandLine } from '../../local/command-line.js';
import { LineSplitter } from '../../local/line-splitter.js';
import { MessagePipe } from '../../local/message-pipe.js';
import type { Registration } from '../../local/registration.js';
import { wrappedCommand } from '../../local/wrapped-command.js';
import type { LogLevel } from '../../logger/logger.js';
import { ProcessGroup } from '../../run-directory/process-group.js';
import type { ListenerProgram, ListenerProgramEvents } from './listener-keeper.js';
import { isReady, type ListenerMessage } from './listener-message.js';

/** What has left its process group may hold its output open: that is not waited for longer. */
const STREAMS_GRACE_MS = 500;

export interface ListenerProcessOptions {
  readonly command: CommandLine;
  readonly env: NodeJS.ProcessEnv;
  readonly registration: Registration;
  /** Whole lines of its output. Returns undefined while there is room for more, else resolves when there is again. */
  readonly say: (level: LogLevel, lines: string) => Promise<void> | undefined;
}

/** A listener as a child of the agent: with a channel, in a process group of its own, known to the watchdog. */
export class ListenerProcess implements ListenerProgram {
  readonly #child: ChildProcess;
  readonly #group: ProcessGroup | undefined;
  readonly #channel: Duplex | undefined;
  readonly #finishStreams: (() => void)[] = [];
  #isOver = false;
  #left: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: ListenerProcessOptions,
    private readonly events: ListenerProgramEvents,
  ) {
    this.#child = this.#spawn();
    this.#group = this.#child.pid === undefined ? undefined : new ProcessGroup(this.#child.pid);
    this.#channel = this.#openChannel();
    this.#watch();
  }

  send(message: ListenerMessage): boolean {
    // One that is gone tells by its exit.
    return this.#channel?.writable === true && this.#channel.write(`${JSON.stringify(message)}\n`);
  }

  closeChannel(): void {
    this.#channel?.end();
  }

  terminate(): void {
    this.#group?.signal('SIGTERM');
  }

  kill(): void {
    this.#group?.signal('SIGKILL');
    this.options.registration.kill();
  }

  #spawn(): ChildProcess {
    const { command, env, registration } = this.options;
    const wrapped = wrappedCommand(command, env, registration);
    const { file, args } = wrapped ?? command;
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    if (wrapped === undefined && child.pid !== undefined) registration.add(child.pid);
    return child;
  }

  /** Without a file descriptor to spare there is no child, and there are no streams. */
  #openChannel(): Duplex | undefined {
    const stream = this.#child.stdio?.[CHANNEL_FD] as Duplex | null | undefined;
    if (!stream) return undefined;
    stream.on('drain', () => this.events.drained());
    new MessagePipe(stream, (message) => {
      if (isReady(message)) this.events.ready();
    });
    return stream;
  }

  #watch(): void {
    const child = this.#child;
    child.on('error', (error) => this.#onError(error));
    child.once('exit', () => this.#onExit());
    child.once('close', (code, signal) => this.#end(`was ended by ${signal ?? `itself (${code})`}`));
    this.#read(child.stdout, 'log');
    this.#read(child.stderr, 'warn');
  }

  #read(stream: Readable | null, level: LogLevel): void {
    const splitter = new LineSplitter();
    const pass = (lines: string): void => {
      const full = lines === '' ? undefined : this.options.say(level, lines);
      if (full !== undefined) void pauseUntil(stream!, full);
    };
    stream?.on('data', (chunk: Buffer) => pass(splitter.push(chunk)));
    this.#finishStreams.push(() => pass(splitter.end()));
  }

  /** Without a pid it never ran; later errors are of a signal to a process that is gone. */
  #onError(error: Error): void {
    if (this.#child.pid !== undefined) return;
    this.#left = this.options.registration.end();
    this.#end(`cannot be started: ${error.message}`);
  }

  #onExit(): void {
    this.#group?.end();
    this.#left = this.options.registration.end();
    setTimeout(() => this.#abandonStreams(), STREAMS_GRACE_MS).unref();
  }

  #abandonStreams(): void {
    for (const stream of [this.#child.stdout, this.#child.stderr, this.#channel]) stream?.destroy();
  }

  #end(how: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const finish of this.#finishStreams) finish();
    void this.#left.then(() => this.events.ended(how));
  }
}

async function pauseUntil(stream: Readable, room: Promise<void>): Promise<void> {
  stream.pause();
  await room;
  stream.resume();
}
