import { isAmount, isInteger, isRecord, isText } from './checks.js';
import type { QueueLauncherMessage, QueueSlaveMessage } from './queue-message.js';

type Fields = Record<string, unknown>;

const KEY_BYTES = 32;
const LAST_PORT = 65_535;

const TO_SLAVE: Readonly<Record<QueueLauncherMessage['type'], (message: Fields) => boolean>> = {
  'feeder-ready': ({ incarnation, address }) => isInteger(incarnation) && isFeederAddress(address),
  'feeder-gone': ({ incarnation }) => isInteger(incarnation),
  'consumer-gone': isIncarnation,
  'let-go': ({ count, among }) => isInteger(count) && (among === undefined || isListOfIntegers(among)),
};

const FROM_SLAVE: Readonly<Record<QueueSlaveMessage['type'], (message: Fields) => boolean>> = {
  demand: isDemand,
  leaving: isIncarnation,
  'kill-request': (message) => isIncarnation(message) && isText(message.reason),
  drained: ({ feeder }) => isInteger(feeder),
};

/** Whether a launcher says it to a process of a queue group. */
export function isQueueLauncherMessage(message: Fields): boolean {
  return checkOf(TO_SLAVE, message.type)?.(message) ?? false;
}

/** Whether a process of a queue group says it. */
export function isQueueSlaveMessage(message: Fields): boolean {
  return checkOf(FROM_SLAVE, message.type)?.(message) ?? false;
}

export function isQueueStart(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { role, key, socket, tcp } = value;
  const known = role === 'feeder' || role === 'consumer';
  return (
    known && isQueueKey(key) && (socket === undefined || isText(socket)) && (tcp === undefined || isTcpAddress(tcp))
  );
}

/** A name such as `toString` has no check. */
function checkOf<C>(checks: Readonly<Record<string, C>>, type: unknown): C | undefined {
  return isText(type) && Object.hasOwn(checks, type) ? checks[type] : undefined;
}

function isListOfIntegers(value: unknown): boolean {
  return Array.isArray(value) && value.every(isInteger);
}

function isIncarnation({ id, incarnation }: Fields): boolean {
  return isInteger(id) && isInteger(incarnation);
}

function isDemand({ waiting, held, consumers, idle, letGo, done, failed, waitedMs, clearMs }: Fields): boolean {
  const counts = [waiting, held, consumers, idle, letGo, done, failed];
  return counts.every(isInteger) && isAmount(waitedMs) && (clearMs === undefined || isAmount(clearMs));
}

/** 32 bytes in base64. */
export function isQueueKey(value: unknown): boolean {
  return isText(value) && Buffer.from(value, 'base64').length === KEY_BYTES;
}

function isFeederAddress(value: unknown): boolean {
  return isRecord(value) && (isText(value.path) || isTcpAddress(value));
}

export function isTcpAddress(value: unknown): boolean {
  return isRecord(value) && isText(value.host) && isInteger(value.port) && value.port <= LAST_PORT;
}
