import type { GroupConfig } from '../config/group-config.js';
import type { QueueRole } from '../channel/queue-message.js';
import type { LogOrigin } from '../logger/logger.js';

/** What a launcher knows of a process before it runs. */
export interface ProcessSpec {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly config: GroupConfig;
  readonly origin: Required<LogOrigin>;
  /** Key of the agent that supervises it; undefined: the launcher itself does. */
  readonly agent?: string;
  /** Of a process of a queue group. */
  readonly queue?: QueuePart;
}

/** What a process of a queue group is in it. */
export interface QueuePart {
  readonly role: QueueRole;
  /** Of a feeder: where it listens besides its socket. Undefined: all its consumers are under the same agent (or, without one, the launcher itself). */
  readonly listen?: TcpAddress;
  /** Of a consumer: where it reaches its feeder. Undefined: by the feeder's socket, since both are under the same agent (or the launcher itself). */
  readonly feeder?: TcpAddress;
}

/** A host or address, and a port there. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}
