import { isInteger, isRecord, isText } from '../channel/checks.js';
import { isDuration, isListOf, isOptional, isVersion } from './message-checks.js';
import type { ProtocolVersion } from './protocol.js';

/** What a master may say in place of hello: what is there? Nothing is started for it. */
export interface ProbeMessage {
  readonly type: 'probe';
  /** Where feeders would listen. */
  readonly ports: readonly ProbedPort[];
  /** With it, and with `target` as in hello, the answer says whether the agent runs. */
  readonly fleet?: string;
  readonly target?: string;
}

export interface ProbedPort {
  readonly host: string;
  readonly port: number;
}

/** One line, and the end. */
export interface ProbeAnswer {
  readonly type: 'probe';
  /** Version of Node. */
  readonly node: string;
  /** Of the package. */
  readonly version: string;
  readonly protocol: ProtocolVersion;
  /** Names the code of the application. */
  readonly build: string;
  /** Path of its entry script. */
  readonly entry: string;
  /** Working directory. */
  readonly cwd: string;
  readonly user: string;
  /** Wall clock, in milliseconds since 1970. */
  readonly at: number;
  readonly ports: readonly ProbedPortAnswer[];
  readonly runDirectory: RunDirectoryAnswer;
  /** Process id of the fleet's agent, where one runs and the fleet was told. */
  readonly agent?: number;
}

export interface ProbedPortAnswer extends ProbedPort {
  readonly free: boolean;
  /** Why it is not. */
  readonly error?: string;
}

export interface RunDirectoryAnswer {
  readonly path: string;
  readonly usable: boolean;
  /** Why it is not. */
  readonly error?: string;
}

const LAST_PORT = 65_535;

/** The message, or undefined when it is none. */
export function parseProbe(value: unknown): ProbeMessage | undefined {
  if (!isRecord(value) || value.type !== 'probe' || !isListOf(value.ports, isPort)) return undefined;
  if (![value.fleet, value.target].every((each) => isOptional(each, isText))) return undefined;
  return value as unknown as ProbeMessage;
}

/** The answer, or undefined when it is none. */
export function parseProbeAnswer(value: unknown): ProbeAnswer | undefined {
  return isRecord(value) && value.type === 'probe' && isAnswer(value) ? (value as unknown as ProbeAnswer) : undefined;
}

function isAnswer(value: Record<string, unknown>): boolean {
  return (
    [value.node, value.version, value.build, value.entry, value.cwd, value.user].every(isText) &&
    isVersion(value.protocol) &&
    isDuration(value.at) &&
    isListOf(value.ports, isPortAnswer) &&
    isRecord(value.runDirectory) &&
    isText(value.runDirectory.path) &&
    isOutcome(value.runDirectory, 'usable') &&
    isOptional(value.agent, isInteger)
  );
}

function isPort(value: unknown): boolean {
  return isRecord(value) && isText(value.host) && isInteger(value.port) && value.port <= LAST_PORT;
}

function isPortAnswer(value: unknown): boolean {
  return isPort(value) && isOutcome(value as Record<string, unknown>, 'free');
}

function isOutcome(value: Record<string, unknown>, key: string): boolean {
  return typeof value[key] === 'boolean' && isOptional(value.error, isText);
}
