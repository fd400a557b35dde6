import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentLimits } from '../agent-channel/terms.js';
import type { Clock } from '../clock/clock.js';
import type { LogSink } from '../logger/logger.js';

/** How the agent of a host is reached. */
export interface AgentConnection {
  /**
   * Opens a link; the text of its error is logged. It has to end in its own time: nobody else bounds it.
   *
   * @param signal aborted when nobody waits for the link any more
   */
  readonly connect: (signal?: AbortSignal) => Promise<AgentLink>;
  /** Name of the transport in the log: `<transport> connection failed`. */
  readonly transport: string;
  /** Seconds. */
  readonly lease: number;
}

/** An agent that has processes of this launcher. */
export interface RemoteAgent {
  /** `ProcessSpec.agent` of its processes. */
  readonly key: string;
  /** Name in the log. */
  readonly host: string;
  readonly connection: AgentConnection;
  /** Of the script here that is its entry script there, see `buildOf`; undefined: not known. */
  readonly build?: string;
}

/** What all links of a run share. */
export interface RemoteRun {
  readonly fleet: string;
  readonly epoch: number;
  readonly limits: AgentLimits;
  readonly hostEvents: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sink: LogSink;
}
