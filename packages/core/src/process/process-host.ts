import type { LauncherMessage } from '../channel/launcher-message.js';
import type { LogLevel } from '../logger/logger.js';
import type { HostLoad } from './host-load.js';
import type { ProcessSpec } from './process-spec.js';

/** Where a launcher's processes run: its own machine, or what a test plays. The port that a launcher needs. */
export interface ProcessHost {
  /**
   * Takes the host for one run of the fleet, and ends what a dead predecessor of it has left.
   *
   * @param log what the user should know of that
   * @param ids of processes that will be started soon: what they need is prepared for all at once
   * @throws FleetRunningError when a launcher of the same fleet runs already
   */
  open(log: (level: LogLevel, message: string) => void, ids?: readonly number[]): Promise<HostRun>;
  /**
   * Starts one incarnation. What happens to it is reported to the listener, never before this call has returned.
   *
   * @param incarnation number of this start of the process
   */
  start(spec: ProcessSpec, incarnation: number, listener: ProcessListener): HostedProcess;
  /**
   * Of an agent alone: whatever becomes of this launcher, even if it is frozen, all that it has started ends, unless this is
   * said again within so long.
   */
  renewLease(remainingMs: number): void;
  /** How busy the machine is now. */
  load?(): HostLoad;
  /** Gives the host back, when all that was started has ended. */
  close(): Promise<void>;
}

/** A run of the fleet on a host. */
export interface HostRun {
  /** Fencing token: greater than that of every run of this fleet before. */
  readonly epoch: number;
  /** Of the user alone: for sockets of what runs here. The host removes those of a feeder at its exit. */
  readonly folder: string;
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
  /** Resident memory of its first process now, in bytes; undefined where that cannot be told. */
  residentBytes(): number | undefined;
  /** Processor time of its first process so far, in milliseconds; undefined where that cannot be told. */
  processorMs?(): number | undefined;
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
