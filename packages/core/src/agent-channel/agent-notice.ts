import { isInteger, isText } from '../channel/checks.js';
import { isQueueLauncherMessage, isTcpAddress } from '../channel/queue-checks.js';
import type { ConsumerGoneMessage, FeederGoneMessage, LetGoMessage } from '../channel/queue-message.js';
import type { TcpAddress } from '../process/process-spec.js';
import { isOptional } from './message-checks.js';

/** What an agent is told about an incarnation of a process of a queue group. */
export type AgentNotice =
  FeederFoundNotice | FeederGoneMessage | ConsumerGoneMessage | LetGoMessage | ItemTimeoutNotice;

/** To a consumer: a feeder is there. */
export interface FeederFoundNotice {
  readonly type: 'feeder-ready';
  /** Id of the feeder. */
  readonly feeder: number;
  readonly incarnation: number;
  /** Undefined: its socket, for it is under the same agent. */
  readonly address?: TcpAddress;
}

/** An item of this consumer has timed out and does not let go: it is to be killed. */
export interface ItemTimeoutNotice {
  readonly type: 'item-timeout';
  /** For the log. */
  readonly reason: string;
}

export function isAgentNotice(value: Record<string, unknown>): boolean {
  if (value.type === 'item-timeout') return isText(value.reason);
  if (value.type !== 'feeder-ready') return isQueueLauncherMessage(value);
  return isInteger(value.feeder) && isInteger(value.incarnation) && isOptional(value.address, isTcpAddress);
}
