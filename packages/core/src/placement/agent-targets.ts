import { agentKey, agentPlace } from '../config/agent-key.js';
import { ConfigError } from '../config/config-error.js';
import type { GroupConfig, SshOptions } from '../config/group-config.js';
import { parseHostAddress } from '../config/host-address.js';
import type { AgentTarget } from '../hosts/agent-target.js';

/** Key of the agent that has the processes of the launcher's own machine, where one has. */
export const LOCAL_AGENT = 'localhost';

interface Agent {
  readonly target: AgentTarget;
  /** It runs already, with this entry script. */
  readonly known: boolean;
  /** Entry scripts of its processes; undefined: the launcher's own. */
  readonly consoles: Set<string | undefined>;
  /** As its processes get them, by those of the configuration. */
  readonly configs: Map<GroupConfig, GroupConfig>;
}

const SSH_KEYS = [
  'username',
  'privateKey',
  'passphraseEnv',
  'knownHosts',
  'hostKeyChecking',
  'lease',
  'connectTimeout',
];

/** The agents that a configuration needs, in the order in which they are first mentioned. */
export class AgentTargets {
  readonly #agents = new Map<string, Agent>();
  readonly #known: ReadonlyMap<string, AgentTarget>;

  /** @param known those that there are already */
  constructor(known: readonly AgentTarget[] = []) {
    this.#known = new Map(known.map((target) => [target.key, target]));
  }

  /** The agents; each with an entry script that at least one of its processes has, if any has one. */
  get targets(): AgentTarget[] {
    return [...this.#agents.values()].map((agent) => {
      const console = consoleOf(agent);
      return console === undefined ? agent.target : { ...agent.target, console };
    });
  }

  /**
   * Adds the agent that runs processes of this configuration on a host.
   *
   * @param host as in `hosts`
   * @throws ConfigError when that is none
   */
  add(config: GroupConfig, ssh: SshOptions, host: string): AgentTarget {
    const written = agentTarget(config, ssh, host);
    const known = this.#known.get(written.key);
    const target = known ?? written;
    const fresh = { target, known: known !== undefined, consoles: new Set<string | undefined>(), configs: new Map() };
    const agent = this.#agents.get(target.key) ?? fresh;
    this.#agents.set(target.key, agent);
    if (config.console !== false) agent.consoles.add(config.console);
    return agent.target;
  }

  /** The configuration as an agent has it: working directory and node are the agent's own. Once all agents are there. */
  configOf(config: GroupConfig, key: string): GroupConfig {
    const agent = this.#agents.get(key)!;
    const known = agent.configs.get(config) ?? underAgent(config, consoleOf(agent));
    agent.configs.set(config, known);
    return known;
  }
}

function agentTarget(config: GroupConfig, ssh: SshOptions, host: string): AgentTarget {
  const written = parseHostAddress(host);
  if (written === undefined) throw notAHost(config.name, host);
  const username = written.user ?? ssh.username;
  const user = username === undefined ? {} : { user: username };
  const address = { ...written, ...user };
  const place = agentPlace(config);
  return {
    key: agentKey(address, place),
    name: address.host,
    host: address.host,
    ...(address.port !== undefined && { port: address.port }),
    ...place,
    ssh: { ...given(ssh), ...(username !== undefined && { username }) },
  };
}

function given(ssh: SshOptions): SshOptions {
  return Object.fromEntries(
    Object.entries(ssh).filter(([key, value]) => SSH_KEYS.includes(key) && value !== undefined),
  ) as SshOptions;
}

/** A process without an entry script of its own has the launcher's: then that must be the agent's. */
function consoleOf({ consoles, known, target }: Agent): string | undefined {
  if (known) return target.console;
  return consoles.has(undefined) ? undefined : [...consoles][0];
}

function underAgent(config: GroupConfig, console: string | undefined): GroupConfig {
  if (config.console === false) return { ...config, path: undefined };
  const own = config.console === console ? undefined : config.console;
  return { ...config, path: undefined, binPath: undefined, console: own };
}

function notAHost(group: string, host: string): ConfigError {
  const message = `found ${JSON.stringify(host)} among the hosts, expected a host, user@host or host:port`;
  return new ConfigError([{ path: group, message }]);
}
