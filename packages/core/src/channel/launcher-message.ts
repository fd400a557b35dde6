import type { GroupConfig } from '../config/group-config.js';
import { isAmount, isInteger, isRecord, isText } from './checks.js';
import type { LeaseMessage } from './lease-message.js';
import { isQueueLauncherMessage, isQueueStart } from './queue-checks.js';
import type { QueueLauncherMessage, QueueStart } from './queue-message.js';

/** What a launcher says to a slave. */
export type LauncherMessage = StartMessage | StopMessage | LogCreditMessage | LeaseMessage | QueueLauncherMessage;

/** The first message: who the slave is and what it works on. */
export interface StartMessage {
  readonly type: 'start';
  readonly protocol: number;
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly incarnation: number;
  readonly epoch: number;
  readonly config: GroupConfig;
  /** Of a process of a queue group. */
  readonly queue?: QueueStart;
  /** The launcher is an agent: leases follow, and nothing may begin without one. Default false. */
  readonly leased?: boolean;
}

/** The slave has `stop_timeout` to end. */
export interface StopMessage {
  readonly type: 'stop';
}

/** So many more characters of log text may be sent. */
export interface LogCreditMessage {
  readonly type: 'log-credit';
  readonly characters: number;
}

/** The message, or undefined when it is none of ours. */
export function parseLauncherMessage(value: unknown): LauncherMessage | undefined {
  if (!isRecord(value)) return undefined;
  const valid =
    value.type === 'stop' ||
    (value.type === 'log-credit' && isInteger(value.characters)) ||
    (value.type === 'lease' && isLease(value)) ||
    (value.type === 'start' && isStart(value)) ||
    isQueueLauncherMessage(value);
  return valid ? (value as unknown as LauncherMessage) : undefined;
}

function isStart(value: Record<string, unknown>): boolean {
  const numbers = [value.protocol, value.id, value.groupId, value.groupCount, value.incarnation, value.epoch];
  const { config, queue, leased } = value;
  const known = isRecord(config) && isText(config.name) && (queue === undefined || isQueueStart(queue));
  return known && numbers.every(isInteger) && (leased === undefined || typeof leased === 'boolean');
}

function isLease({ seconds, sentAt, date }: Record<string, unknown>): boolean {
  return isAmount(seconds) && [sentAt, date].every((each) => each === undefined || isAmount(each));
}
