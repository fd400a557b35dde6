import type { AgentConnection } from '../launcher/remote-hosts.js';
import type { LogLevel } from '../logger/logger.js';

export interface CheckHostsOptions {
  /** Name of the fleet, to find agents of it that run. */
  readonly name?: string;
  /** Agents that are not reached over SSH, as for a launcher. */
  readonly agents?: ReadonlyMap<string, AgentConnection>;
  /** What is worth saying about a connection; default: it is not said. */
  readonly log?: (host: string, level: LogLevel, message: string) => void;
}
