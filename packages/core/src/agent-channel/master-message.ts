import { isInteger, isRecord, isText } from '../channel/checks.js';
import { isQueueKey, isTcpAddress } from '../channel/queue-checks.js';
import type { GroupConfig } from '../config/group-config.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { isAgentNotice, type AgentNotice } from './agent-notice.js';
import { isGroup } from './group-checks.js';
import { isBoolean, isDuration, isListOf, isOptional, isTextList, isVersion } from './message-checks.js';
import type { ProtocolVersion } from './protocol.js';
import type { AgentLimits, AgentSpec, Wanted } from './terms.js';

/** What a master says to an agent. */
export type MasterMessage =
  MasterHello | RunMessage | WantMessage | TellMessage | EchoMessage | ConfirmMessage | ByeMessage;

/** The first message on a link: who speaks, and for which run of which fleet. */
export interface MasterHello {
  readonly type: 'hello';
  readonly protocol: ProtocolVersion;
  readonly fleet: string;
  /** What the master calls this agent: a name in the configuration may lead to the same place as another one. */
  readonly target?: string;
  readonly epoch: number;
  readonly leaseMs: number;
  /** Of the package. */
  readonly version: string;
  readonly capabilities: readonly string[];
}

/**
 * All that there is to run. Each group's configuration is sent once. To an agent that knows some of it, it may be said at any
 * time: what is new is added; what is not named any more is stopped, and forgotten when it is over.
 */
export interface RunMessage {
  readonly type: 'run';
  readonly groups: readonly GroupConfig[];
  readonly processes: readonly RunProcess[];
  readonly limits: AgentLimits;
  /**
   * Of the queue groups that have processes there, by name: 32 bytes in base64. An agent with consumers alone gets the key
   * of the group as well, for the keys of incarnations that are to come are made of it.
   */
  readonly keys?: QueueKeys;
  /** The agent keeps a listener beside it: see agent/listener. Default false. */
  readonly hostEvents?: boolean;
}

export type QueueKeys = Readonly<Record<string, string>>;

export interface RunProcess extends Omit<ProcessSpec, 'config'> {
  /** Index in `groups`. */
  readonly group: number;
  /** Of no meaning to an agent that knows the process. */
  readonly firstIncarnation: number;
}

/** The whole desired state; a message with a lower generation than one before is outdated. */
export interface WantMessage {
  readonly type: 'want';
  readonly generation: number;
  readonly wanted: Readonly<Record<number, Wanted>>;
  /** Of feeders: the incarnation after which the next may start, for nobody owes it anything. Default 0. */
  readonly cleared?: Readonly<Record<number, number>>;
  /**
   * Processes that are to start again though they may be over, as if a stop had been wanted in between: with the generation
   * that has asked for it first. An agent does it once for each. Where that was called off, what is over already is reported
   * once more, with the generation that has called it off. Default: none.
   */
  readonly again?: Readonly<Record<number, number>>;
}

/**
 * A notice about one incarnation. It comes once and in its order in the life of an agent: it is sent again on the next
 * link until it is confirmed.
 */
export interface TellMessage {
  readonly type: 'tell';
  /** Grows; one that is not above the last that came has come before. */
  readonly sequence: number;
  readonly id: number;
  readonly incarnation: number;
  readonly notice: AgentNotice;
}

/** Renews the lease, counted from `at`: a time that the agent has sent on this link. */
export interface EchoMessage {
  readonly type: 'echo';
  readonly at: number;
}

/** Records up to this one have arrived. The first on a link lets the records flow. */
export interface ConfirmMessage {
  readonly type: 'confirm';
  readonly sequence: number;
}

/** The end: the agent stops everything and ends. */
export interface ByeMessage {
  readonly type: 'bye';
}

const WANTED: readonly unknown[] = ['run', 'stop', 'kill'] satisfies Wanted[];

const CHECKS: { readonly [T in MasterMessage['type']]: (value: Record<string, unknown>) => boolean } = {
  hello: (value) =>
    isVersion(value.protocol) &&
    isText(value.fleet) &&
    isOptional(value.target, isText) &&
    isInteger(value.epoch) &&
    isDuration(value.leaseMs) &&
    value.leaseMs > 0 &&
    isText(value.version) &&
    isTextList(value.capabilities),
  run: (value) =>
    isListOf(value.groups, isGroup) &&
    isListOf(value.processes, (each) => isProcess(each, (value.groups as unknown[]).length)) &&
    isRecord(value.limits) &&
    isInteger(value.limits.maxProcessTimeout) &&
    isOptional(value.keys, (keys) => isRecord(keys) && Object.values(keys).every(isQueueKey)) &&
    isOptional(value.hostEvents, isBoolean),
  want: (value) =>
    isInteger(value.generation) &&
    isRecord(value.wanted) &&
    isWanted(value.wanted) &&
    isOptional(value.cleared, areNumbers) &&
    isOptional(value.again, areNumbers),
  tell: (value) =>
    [value.sequence, value.id, value.incarnation].every(isInteger) &&
    isRecord(value.notice) &&
    isAgentNotice(value.notice),
  echo: (value) => isDuration(value.at),
  confirm: (value) => isInteger(value.sequence),
  bye: () => true,
};

/** The message, or undefined when it is none of ours. */
export function parseMasterMessage(value: unknown): MasterMessage | undefined {
  if (!isRecord(value) || !isText(value.type) || !Object.hasOwn(CHECKS, value.type)) return undefined;
  return CHECKS[value.type as MasterMessage['type']](value) ? (value as unknown as MasterMessage) : undefined;
}

/** Says what there is to run, each configuration once. */
export function runMessage(
  specs: readonly AgentSpec[],
  limits: AgentLimits,
  keyOf: (group: string) => string = () => '',
): RunMessage {
  const groups = [...new Set(specs.map(({ spec }) => spec.config))];
  const indexes = new Map(groups.map((config, index) => [config, index]));
  const processes = specs.map(({ spec: { config, ...rest }, firstIncarnation }) => ({
    ...rest,
    group: indexes.get(config)!,
    firstIncarnation,
  }));
  const queues = groups.filter(({ queue }) => queue !== undefined).map(({ name }) => [name, keyOf(name)]);
  const keys: QueueKeys = Object.fromEntries(queues);
  return { type: 'run', groups, processes, limits, ...(queues.length > 0 && { keys }) };
}

/** The processes of a run message; those of one group share its configuration. */
export function specsOf({ groups, processes }: RunMessage): AgentSpec[] {
  return processes.map(({ group, firstIncarnation, ...rest }) => ({
    spec: { ...rest, config: groups[group]! },
    firstIncarnation,
  }));
}

function isProcess(value: unknown, groups: number): boolean {
  if (!isRecord(value)) return false;
  const numbers = [value.id, value.groupId, value.groupCount, value.group, value.firstIncarnation];
  return (
    numbers.every(isInteger) &&
    (value.group as number) < groups &&
    isRecord(value.origin) &&
    isOrigin(value.origin) &&
    isOptional(value.queue, (queue) => isRecord(queue) && isQueuePart(queue))
  );
}

function isQueuePart({ role, listen, feeder }: Record<string, unknown>): boolean {
  const known = role === 'feeder' || role === 'consumer';
  return known && isOptional(listen, isTcpAddress) && isOptional(feeder, isTcpAddress);
}

function isOrigin({ group, host, display }: Record<string, unknown>): boolean {
  return isText(group) && isText(host) && isText(display);
}

function isWanted(value: Record<string, unknown>): boolean {
  return Object.entries(value).every(([id, wanted]) => isInteger(Number(id)) && WANTED.includes(wanted));
}

function areNumbers(value: unknown): boolean {
  return isRecord(value) && Object.entries(value).every(([id, each]) => isInteger(Number(id)) && isInteger(each));
}
