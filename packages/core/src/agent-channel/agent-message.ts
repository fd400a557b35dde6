import { isInteger, isRecord, isText } from '../channel/checks.js';
import { isQueueSlaveMessage } from '../channel/queue-checks.js';
import type { DemandMessage, QueueSlaveMessage } from '../channel/queue-message.js';
import { LOG_LEVELS, type LogLevel } from '../logger/logger.js';
import { isProcessMeasure } from '../metrics/measure-checks.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
import type { ProcessChange, PublishedChange } from '../process/process-change.js';
import type { ExitReason, ProcessExit } from '../process/process-exit.js';
import type { ProcessState } from '../process/process-state.js';
import { isBoolean, isDuration, isListOf, isOptional, isTextList, isVersion } from './message-checks.js';
import type { ProtocolVersion } from './protocol.js';

/** What an agent says to its master. */
export type AgentMessage =
  AgentHello | RefusedMessage | LeaseMessage | RecordMessage | DemandOfFeeder | HeardMessage | SummaryMessage;

/** What of an agent does not change while it lives. */
export interface AgentIdentity {
  /** Of the package. */
  readonly version: string;
  /** Names the code that the agent runs. */
  readonly build: string;
  /** Version of Node. */
  readonly node: string;
  /**
   * Names the machine and the run directory. A new agent of the same place has ended what an earlier one left: only one
   * at a time can hold the directory. Of another place nothing is known.
   */
  readonly place: string;
}

/** Accepts the master. */
export interface AgentHello extends AgentIdentity {
  readonly type: 'hello';
  readonly protocol: ProtocolVersion;
  readonly fleet: string;
  readonly epoch: number;
  /** Random, another for each life of an agent and each epoch: its records and processes belong to it. */
  readonly agent: string;
  /** It knows already what there is to run. */
  readonly running: boolean;
  /** The agent's monotonic milliseconds: the first time to be echoed. */
  readonly at: number;
  readonly capabilities: readonly string[];
}

/**
 * - `protocol`: it does not speak the master's major version
 * - `epoch`: a later run of the fleet has taken over
 * - `fleet`: it belongs to another fleet
 * - `busy`: what ran before has not ended yet
 * - `failed`: it cannot run here
 */
export type RefusalReason = 'protocol' | 'epoch' | 'fleet' | 'busy' | 'failed';

/** Does not accept the master; the link closes. */
export interface RefusedMessage {
  readonly type: 'refused';
  readonly reason: RefusalReason;
  readonly message: string;
}

/** Asks for the lease: to be echoed at once. */
export interface LeaseMessage {
  readonly type: 'lease';
  /** The agent's monotonic milliseconds. */
  readonly at: number;
}

/** What must arrive, once and in its order: sent again until it is confirmed. */
export interface RecordMessage {
  readonly type: 'record';
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly record: AgentRecord;
}

export type AgentRecord = LinesRecord | LogRecord | ChangeRecord | QueueRecord;

/** Whole lines of a process' output, each ended by a newline. */
export interface LinesRecord {
  readonly type: 'lines';
  readonly id: number;
  readonly level: LogLevel;
  readonly lines: string;
}

/** A log record: of a process, or of the agent itself when there is no `id`. */
export interface LogRecord {
  readonly type: 'log';
  readonly id?: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly context?: string;
}

export interface ChangeRecord {
  readonly type: 'change';
  readonly change: ProcessChange;
  /** Of the `want` that the agent had carried out last when this happened. Absent: none, or the agent does not tell it. */
  readonly generation?: number;
}

/** A process of a queue group says something. Of the `demand` of a feeder only the last one of its life is a record. */
export interface QueueRecord {
  readonly type: 'queue';
  readonly id: number;
  readonly incarnation: number;
  readonly message: QueueSlaveMessage;
}

/** The latest of a feeder, at most every 100 ms; what it says before the next one goes is never sent. */
export interface DemandOfFeeder {
  readonly type: 'demand';
  readonly id: number;
  readonly incarnation: number;
  readonly demand: DemandMessage;
}

/** Notices up to this one have arrived. */
export interface HeardMessage {
  readonly type: 'heard';
  readonly sequence: number;
}

/** Once a second, unless the link is full. */
export interface SummaryMessage {
  readonly type: 'summary';
  /** Load average over one minute. */
  readonly load: number;
  readonly processors?: number;
  /** MB. */
  readonly freeMemory?: number;
  /** Resident memory of the agent, in MB. */
  readonly rss: number;
  /** Id, milliseconds since it was seen, and MB of resident memory, of the processes that were seen since the last one. */
  readonly seen: readonly SeenEntry[];
  /** What was measured since the last one. Absent: nothing, or the agent does not tell it. */
  readonly measured?: readonly MeasuredEntry[];
}

export type SeenEntry = readonly [id: number, ageMs: number, rss?: number];

export type MeasuredEntry = readonly [id: number, incarnation: number, measure: ProcessMeasure];

const REFUSALS: readonly unknown[] = ['protocol', 'epoch', 'fleet', 'busy', 'failed'] satisfies RefusalReason[];

const PUBLISHED: readonly unknown[] = [
  'process_started',
  'process_timedout',
  'process_stopped',
] satisfies PublishedChange[];

const STATES: Readonly<Record<ProcessState, true>> = {
  created: true,
  waiting: true,
  starting: true,
  running: true,
  stopping: true,
  backoff: true,
  stopped: true,
  failed: true,
  suspended: true,
  unreachable: true,
};

const REASONS: Readonly<Record<ExitReason, true>> = {
  ended: true,
  stopped: true,
  timeout: true,
  'start-timeout': true,
  'stop-timeout': true,
  'memory-limit': true,
  'max-age': true,
  'item-timeout': true,
  lost: true,
  killed: true,
  'spawn-failed': true,
};

const CHECKS: { readonly [T in AgentMessage['type']]: (value: Record<string, unknown>) => boolean } = {
  hello: (value) =>
    isVersion(value.protocol) &&
    [value.version, value.build, value.node, value.place, value.fleet, value.agent].every(isText) &&
    isInteger(value.epoch) &&
    typeof value.running === 'boolean' &&
    isDuration(value.at) &&
    isTextList(value.capabilities),
  refused: (value) => REFUSALS.includes(value.reason) && isText(value.message),
  lease: (value) => isDuration(value.at),
  record: (value) => isInteger(value.sequence) && isRecord(value.record) && isAgentRecord(value.record),
  demand: (value) =>
    isInteger(value.id) &&
    isInteger(value.incarnation) &&
    isRecord(value.demand) &&
    value.demand.type === 'demand' &&
    isQueueSlaveMessage(value.demand),
  heard: (value) => isInteger(value.sequence),
  summary: (value) =>
    isDuration(value.load) &&
    isOptional(value.processors, isInteger) &&
    isOptional(value.freeMemory, isDuration) &&
    isDuration(value.rss) &&
    isListOf(value.seen, isSeen) &&
    isOptional(value.measured, (measured) => isListOf(measured, isMeasured)),
};

const RECORD_CHECKS: { readonly [T in AgentRecord['type']]: (value: Record<string, unknown>) => boolean } = {
  lines: (value) => isInteger(value.id) && isLevel(value.level) && isText(value.lines) && value.lines.endsWith('\n'),
  log: (value) =>
    isOptional(value.id, isInteger) &&
    isLevel(value.level) &&
    isText(value.message) &&
    isOptional(value.context, isText),
  change: (value) => isRecord(value.change) && isChange(value.change) && isOptional(value.generation, isInteger),
  queue: (value) =>
    isInteger(value.id) &&
    isInteger(value.incarnation) &&
    isRecord(value.message) &&
    isQueueSlaveMessage(value.message),
};

/** The message, or undefined when it is none of ours. */
export function parseAgentMessage(value: unknown): AgentMessage | undefined {
  if (!isRecord(value) || !isText(value.type) || !Object.hasOwn(CHECKS, value.type)) return undefined;
  return CHECKS[value.type as AgentMessage['type']](value) ? (value as unknown as AgentMessage) : undefined;
}

function isAgentRecord(value: Record<string, unknown>): boolean {
  if (!isText(value.type) || !Object.hasOwn(RECORD_CHECKS, value.type)) return false;
  return RECORD_CHECKS[value.type as AgentRecord['type']](value);
}

function isLevel(value: unknown): value is LogLevel {
  return LOG_LEVELS.some((level) => level === value);
}

function isChange(value: Record<string, unknown>): boolean {
  return (
    isInteger(value.id) &&
    isKeyOf(STATES, value.state) &&
    isOptional(value.pid, isInteger) &&
    isInteger(value.incarnation) &&
    isOptional(value.adopts, isBoolean) &&
    isOptional(value.published, (published) => PUBLISHED.includes(published)) &&
    (value.published === 'process_stopped' ? isExit(value.exit) : value.exit === undefined)
  );
}

function isExit(value: unknown): value is ProcessExit {
  return (
    isRecord(value) &&
    (value.code === null || isInteger(value.code)) &&
    (value.signal === null || isText(value.signal)) &&
    isKeyOf(REASONS, value.reason) &&
    typeof value.forced === 'boolean' &&
    isOptional(value.error, isText) &&
    isOptional(value.lastLines, isTextList) &&
    isOptional(value.rss, isDuration)
  );
}

function isKeyOf(table: object, value: unknown): boolean {
  return isText(value) && Object.hasOwn(table, value);
}

function isSeen(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length <= 3 &&
    isInteger(value[0]) &&
    value.slice(1).every(isDuration)
  );
}

function isMeasured(value: unknown): boolean {
  return Array.isArray(value) && isInteger(value[0]) && isInteger(value[1]) && isProcessMeasure(value[2]);
}
