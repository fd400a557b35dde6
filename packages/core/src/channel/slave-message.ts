import { LOG_LEVELS, type LogLevel } from '../logger/logger.js';
import { isWorkMeasure } from '../metrics/measure-checks.js';
import type { WorkMeasure } from '../metrics/process-measure.js';
import { isAmount, isInteger, isRecord, isText } from './checks.js';
import { isQueueSlaveMessage } from './queue-checks.js';
import type { QueueSlaveMessage } from './queue-message.js';

/** What a slave says to its launcher. */
export type SlaveMessage =
  ReadyMessage | WaitingMessage | PingMessage | StatsMessage | LogMessage | EndedMessage | QueueSlaveMessage;

/** The slave has booted and what it needs is there; from now on its silence counts. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly protocol: number;
  /** Of a feeder: its source can go on with what consumers of a dead feeder hold. Default false. */
  readonly adopts?: boolean;
}

/**
 * Of a slave that boots: it waits for what others may end, such as a port in use. Its `start_timeout` does not count until
 * it says that it goes on, and counts anew from then.
 */
export interface WaitingMessage {
  readonly type: 'waiting';
  readonly waiting: boolean;
}

/** Alive. */
export interface PingMessage {
  readonly type: 'ping';
}

/** How the slave does: every STATS_INTERVAL_MS by its runtime, so the only message that is no sign of life. */
export interface StatsMessage extends WorkMeasure {
  readonly type: 'stats';
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Processor time since the last message, as a fraction of one core; more than 1 with several threads. */
  readonly cpu: number;
  /** How late its event loop was for this message, in milliseconds. */
  readonly lag: number;
}

/** A log record; uses up credit by its length. */
export interface LogMessage {
  readonly type: 'log';
  readonly level: LogLevel;
  readonly message: string;
  readonly context?: string;
}

/** The slave's work is done; it exits with this code. */
export interface EndedMessage {
  readonly type: 'ended';
  readonly code: number;
}

/** The message, or undefined when it is none of ours: it came from another program, maybe a hostile one. */
export function parseSlaveMessage(value: unknown): SlaveMessage | undefined {
  if (!isRecord(value)) return undefined;
  const valid =
    value.type === 'ping' ||
    (value.type === 'stats' && isStats(value)) ||
    (value.type === 'log' && isLog(value)) ||
    (value.type === 'ready' && isReady(value)) ||
    (value.type === 'waiting' && typeof value.waiting === 'boolean') ||
    (value.type === 'ended' && isInteger(value.code)) ||
    isQueueSlaveMessage(value);
  return valid ? (value as unknown as SlaveMessage) : undefined;
}

function isReady({ protocol, adopts }: Record<string, unknown>): boolean {
  return isInteger(protocol) && (adopts === undefined || typeof adopts === 'boolean');
}

function isStats(value: Record<string, unknown>): boolean {
  return isInteger(value.rss) && isAmount(value.cpu) && isAmount(value.lag) && isWorkMeasure(value);
}

function isLog(value: Record<string, unknown>): boolean {
  const known = LOG_LEVELS.some((level) => level === value.level);
  return known && isText(value.message) && (value.context === undefined || isText(value.context));
}
