import type { Clock } from '../clock/clock.js';
import { DEFAULTS } from '../config/defaults.js';
import type { MetricsOptions } from '../config/distributed-architecture-config.js';
import type { OperatorOptions } from '../control/operator-options.js';
import type { Logger, LogSink } from '../logger/logger.js';
import type { ProcessHost } from '../process/process-host.js';
import type { AgentConnection } from './remote-hosts.js';

/** Limits of a run. Times are seconds, fractions allowed. */
export interface LauncherLimitOptions {
  /** Silence of all processes together after which the launcher kills them and ends with exit code 1; also the bound of a whole stop. Default 300; 0: never. */
  timeout?: number;
  /** A clean stop after so long. Default 0: until all processes have ended. */
  maxRunningTime?: number;
  /** Time-outs in a row after which a process is given up. Default 3; 0: never. */
  maxProcessTimeout?: number;
}

/** What a single run may say. */
export interface RunOptions extends LauncherLimitOptions {
  /** Name of the fleet: one runs at a time on a machine and user. Default: none, any number may run. */
  name?: string;
  /**
   * Whether each agent of another host keeps a listener: one more program of the application there (`isListener`), which
   * publishes the events of that host. Default false.
   */
  hostEvents?: boolean;
  /**
   * Whether the run goes on when all processes have ended: it ends by a stop, and after `maxRunningTime` all is stopped and
   * started again. Default false.
   */
  service?: boolean;
  /** Whether it listens on a control socket in its run folder (see `ControlClient`). Default: when it has a name. */
  control?: boolean;
  /** What requests to the control socket need beside the launcher. Default: nothing, they are refused. */
  operator?: OperatorOptions;
  /** Serves metrics and health over TCP. Default: it does not; the control socket has them. */
  metrics?: MetricsOptions;
}

/** Options of a launcher. */
export interface LauncherOptions extends RunOptions {
  /** Where the log goes. Default: text lines on stdout. */
  logger?: LogSink | (Partial<Logger> & Pick<Logger, 'log'>);
  /** Default: the machine's. */
  clock?: Clock;
  /** Where processes run. Default: this machine. */
  host?: ProcessHost;
  /**
   * Agents that are not reached over SSH, by their keys: `localhost` for the processes of this machine, else `user@host:port`
   * as far as they are given, with path and node where they are not the launcher's (`AgentTarget.key`).
   */
  agents?: ReadonlyMap<string, AgentConnection>;
  /** Slaves that boot at a time when a run starts. Default: two for each processor. */
  bootSlots?: number;
  /** Numbers from 0 to 1, for delays that should differ. Default: `Math.random`. */
  random?: () => number;
}

/** How a run ended. */
export interface RunResult {
  /** 0, or 1 when a process failed for good or the launcher timed out. */
  readonly exitCode: number;
}

export const LAUNCHER_DEFAULTS = {
  timeout: DEFAULTS.masterTimeout,
  maxRunningTime: DEFAULTS.maxRunningTime,
  maxProcessTimeout: DEFAULTS.maxProcessTimeout,
} as const;
