import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentLimits, SeenProcess } from '../agent-channel/terms.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import type { Clock } from '../clock/clock.js';
import type { LogLevel } from '../logger/logger.js';
import type { MeasuredProcess } from '../metrics/process-measure.js';
import type { HostLoad } from '../process/host-load.js';
import type { ProcessChange } from '../process/process-change.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { LinkNumbers } from './link-numbers.js';

/** State of an agent's host, once a second. */
export interface HostSummary extends HostLoad {
  /** Resident memory of the agent itself, in MB. */
  readonly rss: number;
  /** Processes that were seen since the last summary. */
  readonly seen: readonly SeenProcess[];
  /** What was measured since the last summary. */
  readonly measured: readonly MeasuredProcess[];
}

/**
 * What happens on another host. `onChange` alone is complete: for each process it tells every start once, every exit
 * once, in their order, also those that nobody reported (exit reason `lost`), and the state `unreachable`.
 */
export interface HostListener {
  onChange(change: ProcessChange): void;
  /** Whole lines of a process' output, each ended by a newline; of the agent's listener by the id 0. */
  onLines(id: number, level: LogLevel, lines: string): void;
  /** A log record of a process; of the agent itself when `id` is undefined, of this link when it has no agent. */
  onLog(id: number | undefined, level: LogLevel, message: string, context: string | undefined): void;
  onSummary(summary: HostSummary): void;
  /** A process of a queue group says something. Of `demand` only the latest is told. */
  onQueue(id: number, incarnation: number, message: QueueSlaveMessage): void;
  /** Its agent can be told something from now on, or cannot. */
  onReachable(reachable: boolean): void;
}

export interface HostLinkOptions {
  /** Name of the transport in the log: `SSH connection failed`. */
  readonly transport: string;
  readonly fleet: string;
  /** What the launcher calls this agent: two that it takes for different ones are not one where they meet. */
  readonly target?: string;
  /** Of our own copy of what the agent runs, see `buildOf`; undefined: not known. */
  readonly build?: string;
  readonly epoch: number;
  /** Version of this package. */
  readonly version: string;
  readonly leaseMs: number;
  readonly specs: readonly ProcessSpec[];
  /** Default: nothing was said to the agent before. */
  readonly numbers?: LinkNumbers;
  readonly limits: AgentLimits;
  /** The agent shall keep a listener, that publishes events on its host. Default false. */
  readonly hostEvents?: boolean;
  /** Of a queue group by its name, in base64. */
  readonly queueKeyOf: (group: string) => string;
  /** See `AgentConnection`. A link that comes too late is closed. */
  readonly connect: (signal: AbortSignal) => Promise<AgentLink>;
  readonly listener: HostListener;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  /** Undefined while the log accepts more, else resolves when it does again: the agent sends no more records meanwhile. */
  readonly full: () => Promise<void> | undefined;
}
