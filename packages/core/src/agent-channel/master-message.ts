import { isInteger, isRecord, isText } from '../channel/checks.js';
import type { GroupConfig, RestartPolicy } from '../config/group-config.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { isDuration, isListOf, isOptional, isTextList, isVersion } from './message-checks.js';
import type { ProtocolVersion } from './protocol.js';
import type { AgentLimits, AgentSpec, Wanted } from './terms.js';

/** What a master says to an agent. */
export type MasterMessage = MasterHello | RunMessage | WantMessage | EchoMessage | ConfirmMessage | ByeMessage;

/** The first message on a link: who speaks, and for which run of which fleet. */
export interface MasterHello {
  readonly type: 'hello';
  readonly protocol: ProtocolVersion;
  readonly fleet: string;
  readonly epoch: number;
  readonly leaseMs: number;
  /** Of the package. */
  readonly version: string;
  readonly capabilities: readonly string[];
}

/** What there is to run, to an agent that does not know it. Each group's configuration is sent once. */
export interface RunMessage {
  readonly type: 'run';
  readonly groups: readonly GroupConfig[];
  readonly processes: readonly RunProcess[];
  readonly limits: AgentLimits;
}

export interface RunProcess extends Omit<ProcessSpec, 'config'> {
  /** Index in `groups`. */
  readonly group: number;
  readonly firstIncarnation: number;
}

/** The whole desired state; a message with a lower generation than one before is outdated. */
export interface WantMessage {
  readonly type: 'want';
  readonly generation: number;
  readonly wanted: Readonly<Record<number, Wanted>>;
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

const RESTART_POLICIES: readonly unknown[] = ['never', 'on-failure', 'always'] satisfies RestartPolicy[];

const WANTED: readonly unknown[] = ['run', 'stop', 'kill'] satisfies Wanted[];

const CHECKS: { readonly [T in MasterMessage['type']]: (value: Record<string, unknown>) => boolean } = {
  hello: (value) =>
    isVersion(value.protocol) &&
    isText(value.fleet) &&
    isInteger(value.epoch) &&
    isDuration(value.leaseMs) &&
    value.leaseMs > 0 &&
    isText(value.version) &&
    isTextList(value.capabilities),
  run: (value) =>
    isListOf(value.groups, isGroup) &&
    isListOf(value.processes, (each) => isProcess(each, (value.groups as unknown[]).length)) &&
    isRecord(value.limits) &&
    isInteger(value.limits.maxProcessTimeout),
  want: (value) => isInteger(value.generation) && isRecord(value.wanted) && isWanted(value.wanted),
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
export function runMessage(specs: readonly AgentSpec[], limits: AgentLimits): RunMessage {
  const groups = [...new Set(specs.map(({ spec }) => spec.config))];
  const indexes = new Map(groups.map((config, index) => [config, index]));
  const processes = specs.map(({ spec: { config, ...rest }, firstIncarnation }) => ({
    ...rest,
    group: indexes.get(config)!,
    firstIncarnation,
  }));
  return { type: 'run', groups, processes, limits };
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
    numbers.every(isInteger) && (value.group as number) < groups && isRecord(value.origin) && isOrigin(value.origin)
  );
}

function isOrigin({ group, host, display }: Record<string, unknown>): boolean {
  return isText(group) && isText(host) && isText(display);
}

/** Every key: what is not as the type says would be found where nobody expects it. */
function isGroup(value: unknown): boolean {
  return isRecord(value) && Object.entries(GROUP_CHECKS).every(([key, check]) => check(value[key]));
}

const GROUP_CHECKS: { readonly [K in keyof GroupConfig]: (value: unknown) => boolean } = {
  name: isText,
  command: isText,
  params: isRecord,
  console: (value) => value === false || isOptional(value, isText),
  binPath: (value) => isOptional(value, isText),
  path: (value) => isOptional(value, isText),
  priority: Number.isInteger,
  timeout: isDuration,
  startTimeout: isDuration,
  stopTimeout: isDuration,
  restart: (value) => RESTART_POLICIES.includes(value),
  restartDelay: (value) => isOptional(value, isDuration),
  maxRestarts: isInteger,
  restartWindow: isDuration,
  memoryLimit: (value) => isOptional(value, isDuration),
  maxAge: (value) => isOptional(value, isDuration),
  dependsOn: isTextList,
  env: (value) => isRecord(value) && Object.values(value).every(isText),
};

function isWanted(value: Record<string, unknown>): boolean {
  return Object.entries(value).every(([id, wanted]) => isInteger(Number(id)) && WANTED.includes(wanted));
}
