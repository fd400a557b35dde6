import { DEFAULTS } from '../config/defaults.js';
import type { GroupConfig, GroupOptions, RemoteOptions, SshOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { resolveGroup } from '../config/resolve-group.js';
import { resolveQueueGroup, type ConsumerBlock } from '../config/resolve-queue-group.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import type { ProcessSpec, QueuePart, TcpAddress } from '../process/process-spec.js';
import { AgentTargets, LOCAL_AGENT } from './agent-targets.js';

/** What runs where. */
export interface Placement {
  /** In the order of their ids. */
  readonly specs: readonly ProcessSpec[];
  /** The agents on other hosts, each once. */
  readonly targets: readonly AgentTarget[];
}

export interface PlacementOptions {
  /** The processes of the launcher's own machine are an agent's, too. */
  readonly localAgent?: boolean;
  /** The id of the first process. Default 1. */
  readonly firstId?: number;
  /** Agents that there are already. */
  readonly knownTargets?: readonly AgentTarget[];
}

/** Where a process runs. */
interface Site {
  readonly host: string;
  /** Undefined: under the launcher itself. */
  readonly agent: string | undefined;
}

interface Place extends Site {
  readonly config: GroupConfig;
  readonly queue?: QueuePart;
}

/** Before the name of a process in the log. */
const TITLES: Readonly<Record<QueuePart['role'], string>> = { feeder: 'Feeder - ', consumer: 'Consumer - ' };

/**
 * All processes that there may be, with their ids in the order of the configuration, and the agents that they need.
 * Within a group those of the launcher's machine come first, then host by host; of a queue group the feeder is the
 * first, and consumers on demand have as many ids as there may be of them.
 *
 * @throws ConfigError for a host that is none
 */
export function placeProcesses(
  groups: readonly (GroupOptions | QueueGroupOptions)[],
  { localAgent = false, firstId = 1, knownTargets }: PlacementOptions = {},
): Placement {
  const agents = new AgentTargets(knownTargets);
  const here: Site = { host: 'localhost', agent: localAgent ? LOCAL_AGENT : undefined };
  const placed = groups.flatMap((group) => numberedInGroup(placeGroup(group, agents, here)));
  const { targets } = agents;
  const remote = new Set(targets.map(({ key }) => key));
  const specs = placed.map((place, index) => {
    const { config, agent } = place;
    const isRemote = agent !== undefined && remote.has(agent);
    return specOf({ ...place, config: isRemote ? agents.configOf(config, agent) : config }, firstId + index);
  });
  return { specs, targets };
}

/** The same process but for its number. */
export function withId(spec: ProcessSpec, id: number): ProcessSpec {
  return { ...spec, id, origin: { ...spec.origin, display: displayOf(spec, id) } };
}

function placeGroup(group: GroupOptions | QueueGroupOptions, agents: AgentTargets, here: Site): Place[] {
  return 'consumers' in group ? placeQueueGroup(group, agents, here) : placePlainGroup(group, agents, here);
}

/** In code a group may say nothing of where it runs: here. */
function placePlainGroup(group: GroupOptions, agents: AgentTargets, here: Site): Place[] {
  const { local, remote = [] } = group;
  const isHere = local !== undefined || remote.length === 0;
  const localPlaces = isHere ? times(local?.instancesCount, { ...here, config: resolveGroup(group, local ?? {}) }) : [];
  const onHosts = (block: RemoteOptions): Place[] => {
    const config = resolveGroup(group, block);
    return block.hosts.flatMap((host) =>
      times(block.instancesCount, { ...siteOf(agents, config, block, host), config }),
    );
  };
  return [...localPlaces, ...remote.flatMap(onHosts)];
}

function placeQueueGroup(group: QueueGroupOptions, agents: AgentTargets, here: Site): Place[] {
  const { feeder: config, blocks } = resolveQueueGroup(group);
  const { bindTo = DEFAULTS.feederHost, port = DEFAULTS.feederPort } = group.remoteFeeder ?? group.localFeeder ?? {};
  const { remoteFeeder } = group;
  const site = remoteFeeder ? siteOf(agents, config, remoteFeeder, remoteFeeder.hosts[0] ?? '') : here;
  const consumers = blocks.flatMap((block) => placeConsumers(block, { agents, here, feeder: site, port }));
  const isReached = consumers.some(({ agent }) => agent !== site.agent);
  const queue: QueuePart = { role: 'feeder', ...(isReached && { listen: { host: bindTo, port } }) };
  return [{ ...site, config, queue }, ...consumers];
}

function placeConsumers(
  { config, options, hosts, count }: ConsumerBlock,
  { agents, here, feeder, port: feederPort }: { agents: AgentTargets; here: Site; feeder: Site; port: number },
): Place[] {
  const { host: feederHost = DEFAULTS.feederHost, port = feederPort } = options;
  const address: TcpAddress = { host: feederHost, port };
  const sites = hosts?.map((host) => siteOf(agents, config, options, host)) ?? [here];
  return sites.flatMap((site) => {
    const queue: QueuePart = { role: 'consumer', ...(site.agent !== feeder.agent && { feeder: address }) };
    return times(count, { ...site, config, queue });
  });
}

function siteOf(agents: AgentTargets, config: GroupConfig, ssh: SshOptions, host: string): Site {
  const { key, name } = agents.add(config, ssh, host);
  return { host: name, agent: key };
}

function times(count: number = DEFAULTS.instancesCount, place: Place): Place[] {
  return Array.from({ length: count }, () => place);
}

type Numbered = Place & Pick<ProcessSpec, 'groupId' | 'groupCount'>;

function numberedInGroup(places: readonly Place[]): Numbered[] {
  return places.map((place, index) => ({ ...place, groupId: index + 1, groupCount: places.length }));
}

function specOf({ config, host, agent, queue, groupId, groupCount }: Numbered, id: number): ProcessSpec {
  const display = displayOf({ config, queue, groupId }, id);
  return {
    id,
    groupId,
    groupCount,
    config,
    origin: { group: config.name, host, display },
    ...(agent !== undefined && { agent }),
    ...(queue && { queue }),
  };
}

/** Its name in the log. */
function displayOf({ config, queue, groupId }: Pick<ProcessSpec, 'config' | 'queue' | 'groupId'>, id: number): string {
  const title = queue === undefined ? '' : TITLES[queue.role];
  return `${title}${config.command}/${id}/${groupId}`;
}
