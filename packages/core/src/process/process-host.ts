import type { LauncherMessage } from '../channel/launcher-message.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessSpec } from './process-spec.js';

/** Where processes run: this machine, or (later) another one. The port that a launcher needs. */
export interface ProcessHost {
  /** Starts one incarnation. What happens to it is reported to the listener, never before this call has returned. */
  start(spec: ProcessSpec, listener: ProcessListener): HostedProcess;
}

/** One incarnation, as long as it runs. */
export interface HostedProcess {
  send(message: LauncherMessage): void;
  /** The operating system's request to stop, for programs that do not listen to messages. */
  terminate(): void;
  /** Ends it and all that belongs to its process group, at once. */
  kill(): void;
  pauseReading(): void;
  resumeReading(): void;
}

/** Learns what happens to one incarnation: exactly one of spawned and spawnFailed, then exited once, last of all. */
export interface ProcessListener {
  spawned(pid: number): void;
  spawnFailed(error: string): void;
  /** Whole lines of one of its streams, each ended by a newline. */
  said(level: LogLevel, lines: string): void;
  /** A message on its channel, not checked. */
  received(message: unknown): void;
  /** Something about its start that the user should know. */
  warned(message: string): void;
  exited(code: number | null, signal: NodeJS.Signals | null): void;
}
