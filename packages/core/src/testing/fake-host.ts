import type { LauncherMessage } from '../channel/launcher-message.js';
import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import type { LogLevel } from '../logger/logger.js';
import type { HostedProcess, HostRun, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';

const FIRST_PID = 1000;

/** Starts nothing: a test says what happens to each incarnation. */
export class FakeHost implements ProcessHost {
  /** Every incarnation so far, in the order of their starts. */
  readonly started: FakeProcess[] = [];
  /** Thrown by the next starts while it is set. */
  refusal: Error | undefined;
  closed = false;

  /** Resolves when whoever has opened this host has gone on. */
  get opened(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  async open(): Promise<HostRun> {
    return { epoch: 1, folder: '/run/fake' };
  }

  start(spec: ProcessSpec, incarnation: number, listener: ProcessListener): FakeProcess {
    if (this.refusal !== undefined) throw this.refusal;
    const started = new FakeProcess(spec, incarnation, listener, FIRST_PID + this.started.length);
    this.started.push(started);
    return started;
  }

  renewLease(): void {}

  async close(): Promise<void> {
    this.closed = true;
  }

  /** The latest incarnation of a process. */
  latest(id: number): FakeProcess {
    const found = this.started.findLast(({ spec }) => spec.id === id);
    if (found === undefined) throw new Error(`Process ${id} was never started`);
    return found;
  }
}

/** One incarnation, moved by the test. */
export class FakeProcess implements HostedProcess {
  readonly sent: LauncherMessage[] = [];
  terminations = 0;
  kills = 0;
  paused = false;
  resident: number | undefined;

  constructor(
    readonly spec: ProcessSpec,
    readonly incarnation: number,
    readonly listener: ProcessListener,
    readonly pid: number,
  ) {}

  send(message: LauncherMessage): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.terminations++;
  }

  kill(): void {
    this.kills++;
  }

  pauseReading(): void {
    this.paused = true;
  }

  resumeReading(): void {
    this.paused = false;
  }

  residentBytes(): number | undefined {
    return this.resident;
  }

  spawn(): this {
    this.listener.spawned(this.pid);
    return this;
  }

  /** Spawned and ready. */
  boot(): this {
    return this.spawn().message({ type: 'ready', protocol: CHANNEL_PROTOCOL });
  }

  message(message: unknown): this {
    this.listener.received(message);
    return this;
  }

  say(lines: string, level: LogLevel = 'log'): this {
    this.listener.said(level, lines);
    return this;
  }

  exit(code: number | null = 0, signal: NodeJS.Signals | null = null): void {
    this.listener.exited(code, signal);
  }
}
