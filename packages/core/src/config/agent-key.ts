import type { HostAddress } from './host-address.js';

/** Where on a host an agent runs. */
export interface AgentPlace {
  readonly path?: string;
  /** Program that runs its entry script. */
  readonly binPath?: string;
}

interface Settings {
  readonly path?: string | undefined;
  readonly binPath?: string | undefined;
  readonly console?: string | false | undefined;
}

/** Where the agent of processes with these settings runs. What stands before a program (`console: false`) is not the agent's. */
export function agentPlace({ path, binPath, console }: Settings): AgentPlace {
  return {
    ...(path !== undefined && { path }),
    ...(binPath !== undefined && console !== false && { binPath }),
  };
}

/** Names the agent of one user, host, port, path and bin_path: `user@host:port` as far as given, then what else is given. */
export function agentKey({ user, host, port }: HostAddress, place: AgentPlace): string {
  const machine = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const address = user === undefined ? machine : `${user}@${machine}`;
  return [address, ...Object.entries(place).map(([key, value]) => `${key}=${JSON.stringify(value)}`)].join(' ');
}
