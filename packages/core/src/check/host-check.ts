import type { ProbeAnswer, ProbedPortAnswer } from '../agent-channel/probe-message.js';
import { compareBuilds } from '../agent-channel/build-id.js';
import type { AgentTarget } from '../hosts/agent-target.js';

/** What a check has found out about the place of one agent. */
export interface HostCheck {
  /** Name of the host in the configuration. */
  readonly host: string;
  /** User on the host, where the configuration names one. */
  readonly user?: string;
  /** Port of SSH, where the configuration names one. */
  readonly port?: number;
  /** Working directory on the host, where the configuration names one. */
  readonly path?: string;
  /** Nothing stands in the way of running there. */
  readonly fit: boolean;
  /** Undefined where something on our side stood in the way before that could be tried. */
  readonly reachable?: boolean;
  readonly authenticated?: boolean;
  /** What follows is known of hosts on which the entry script could be run. Version of node. */
  readonly node?: string;
  /** Version of this package there. */
  readonly version?: string;
  /** Path of the entry script. */
  readonly entry?: string;
  /** Names the code of the application. */
  readonly build?: string;
  /** Seconds by which its clock is ahead of ours, negative: behind; wrong by at most half the time that the answer took. */
  readonly clockSkew?: number;
  /** Where feeders are to listen. */
  readonly ports: readonly ProbedPortAnswer[];
  /** Process id of the fleet's agent, where one runs now. */
  readonly agent?: number;
  /** Why it is not fit, each with its remedy. */
  readonly problems: readonly string[];
  /** What works, but may not be as it should. */
  readonly warnings: readonly string[];
}

/** Logs of clocks that are further apart are hard to read; nothing else relies on them. */
const MOST_SKEW_S = 2;

/** What stands in the way on our side. */
const NOT_TRIED: ReadonlySet<string> = new Set(['HOST_SSH_CONFIG', 'HOST_KNOWN_HOSTS', 'HOST_PRIVATE_KEY']);
const NOT_REACHED: ReadonlySet<string> = new Set(['HOST_UNREACHABLE', 'HOST_HANDSHAKE']);
const NOT_AUTHENTICATED: ReadonlySet<string> = new Set([
  'HOST_AUTHENTICATION',
  'HOST_KEY_UNKNOWN',
  'HOST_KEY_CHANGED',
  'HOST_KEY_REVOKED',
]);

/** An answer, and when it was asked for and came: wall clock, in milliseconds. */
export interface Answered {
  readonly answer: ProbeAnswer;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/**
 * What the answer of a host means.
 *
 * @param build of the same script here; empty: not known
 */
export function checkOfAnswer(target: AgentTarget, answered: Answered, build: string): HostCheck {
  const { answer, askedAt, answeredAt } = answered;
  const clockSkew = (answer.at - (askedAt + answeredAt) / 2) / 1000;
  const problems = problemsOf(answer);
  return {
    ...placeOf(target),
    fit: problems.length === 0,
    reachable: true,
    authenticated: true,
    node: answer.node,
    version: answer.version,
    entry: answer.entry,
    build: answer.build,
    clockSkew,
    ports: answer.ports,
    ...(answer.agent !== undefined && { agent: answer.agent }),
    problems,
    warnings: warningsOf(answer, clockSkew, build),
  };
}

/** What an error of connecting means. */
export function checkOfError(target: AgentTarget, error: Error & { readonly code?: unknown }): HostCheck {
  const code = String(error.code);
  const reachable = NOT_TRIED.has(code) ? undefined : !NOT_REACHED.has(code);
  return {
    ...placeOf(target),
    fit: false,
    ...(reachable !== undefined && { reachable, authenticated: reachable && !NOT_AUTHENTICATED.has(code) }),
    ports: [],
    problems: [error.message],
    warnings: [],
  };
}

function placeOf({ name, port, path, ssh }: AgentTarget): Pick<HostCheck, 'host' | 'user' | 'port' | 'path'> {
  return {
    host: name,
    ...(ssh.username !== undefined && { user: ssh.username }),
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
  };
}

/** While the fleet runs, its own feeders have their ports. */
function problemsOf({ agent, ports, runDirectory }: ProbeAnswer): string[] {
  const taken = agent === undefined ? ports.filter(({ free }) => !free) : [];
  const unusable = runDirectory.usable ? [] : [`${runDirectory.path} cannot be used: ${runDirectory.error}`];
  return [...unusable, ...taken.map(portTaken)];
}

function portTaken({ host, port, error }: ProbedPortAnswer): string {
  return `A feeder cannot listen at ${host}:${port}: ${error}. End what has the port, or give the feeder another one`;
}

function warningsOf({ agent, ports, build }: ProbeAnswer, clockSkew: number, own: string): string[] {
  const difference = compareBuilds(own, build);
  const seconds = Math.abs(clockSkew).toFixed(1);
  const skew = `Its clock is ${seconds} s ${clockSkew > 0 ? 'ahead of' : 'behind'} ours`;
  const taken = agent === undefined ? [] : ports.filter(({ free }) => !free);
  return [
    ...(difference === undefined ? [] : [difference]),
    ...(Math.abs(clockSkew) > MOST_SKEW_S ? [skew] : []),
    ...taken.map(({ host, port }) => `${host}:${port} is in use: the fleet's agent runs (process ${agent})`),
  ];
}
