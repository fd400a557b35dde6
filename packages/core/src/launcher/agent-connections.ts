import { resolve } from 'node:path';
import { buildOf } from '../agent-channel/build-id.js';
import type { Clock } from '../clock/clock.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { ownCommandLine } from '../local/command-line.js';
import type { LogLevel } from '../logger/logger.js';
import { LOCAL_AGENT } from '../placement/agent-targets.js';
import type { AgentConnection, RemoteAgent } from './remote-agent.js';

export interface AgentConnectionsOptions {
  /** By the keys of their agents: these are not reached over SSH. */
  readonly given: ReadonlyMap<string, AgentConnection>;
  /** About a host, by its name. */
  readonly log: (host: string, level: LogLevel, message: string) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** How each agent is reached. What SSH needs is loaded only where an agent needs it. */
export async function connectAgents(
  targets: readonly AgentTarget[],
  { given, ...options }: AgentConnectionsOptions,
): Promise<RemoteAgent[]> {
  const here = given.get(LOCAL_AGENT);
  const isRemote = targets.some(({ key }) => key === LOCAL_AGENT);
  const local = here === undefined || isRemote ? [] : [{ key: LOCAL_AGENT, host: LOCAL_AGENT, connection: here }];
  const needsSsh = targets.some(({ key }) => !given.has(key));
  const connect = needsSsh ? await sshConnector(options) : undefined;
  const builds = new Map<string, string>();
  const remote = targets.map((target) => ({
    key: target.key,
    host: target.name,
    connection: given.get(target.key) ?? connect!(target),
    build: buildHere(target, builds),
  }));
  return [...local, ...remote];
}

/** Of the same script, which need not be on this machine. Most hosts have the same one. */
function buildHere({ console }: AgentTarget, known: Map<string, string>): string {
  const script = console === undefined ? ownCommandLine().script : resolve(console);
  const build = known.get(script) ?? buildOf(script);
  known.set(script, build);
  return build;
}

type Connector = (target: AgentTarget) => AgentConnection;

async function sshConnector(options: Omit<AgentConnectionsOptions, 'given'>): Promise<Connector> {
  const { sshConnections } = await import('../ssh/ssh-connections.js');
  return sshConnections(options);
}
