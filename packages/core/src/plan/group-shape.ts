import { isDeepStrictEqual } from 'node:util';
import { DEFAULTS } from '../config/defaults.js';
import type { BlockOptions, GroupConfig, GroupOptions, ReloadConfig, SshOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { resolveGroup } from '../config/resolve-group.js';
import { resolveQueueGroup, type ConsumerBlock } from '../config/resolve-queue-group.js';

export type AnyGroupOptions = GroupOptions | QueueGroupOptions;

/** Values by the names of settings; what has none is left out. */
export type Settings = Readonly<Record<string, unknown>>;

/** What a group says, in one form however it was written: two groups that run alike have equal shapes. */
export interface GroupShape {
  readonly kind: 'group' | 'queue group';
  /** What holds for all its processes. */
  readonly common: Settings;
  readonly reload: ReloadConfig;
  /** Of a queue group. */
  readonly feeder?: Site;
  /** Of a queue group those of the consumers. Processes with the same settings on one host are one site, however many blocks they stand in. */
  readonly sites: readonly Site[];
}

/** Processes of a group on one host. */
export interface Site {
  /** As in `hosts`; `local` for the launcher's machine. */
  readonly host: string;
  readonly settings: Settings;
  /** On demand the most that there may be. */
  readonly count: number;
  /** On demand the least. */
  readonly least?: number;
}

export const LOCAL_SITE = 'local';

const SSH_DEFAULTS: SshOptions = { hostKeyChecking: DEFAULTS.hostKeyChecking, lease: DEFAULTS.lease };

export function shapeOf(group: AnyGroupOptions): GroupShape {
  return 'consumers' in group ? queueShape(group) : plainShape(group);
}

export function processCount({ feeder, sites }: GroupShape): number {
  return sites.reduce((total, { count }) => total + count, feeder === undefined ? 0 : 1);
}

function plainShape(group: GroupOptions): GroupShape {
  const { local, remote = [] } = group;
  const blocks = local !== undefined || remote.length === 0 ? [local ?? {}, ...remote] : remote;
  const sites = blocks.flatMap((block) => {
    const count = block.instancesCount ?? DEFAULTS.instancesCount;
    return sitesOf(block, ownSettings(resolveGroup(group, block)), { count });
  });
  return { kind: 'group', common: commonOf(group), reload: resolveGroup(group).reload, sites: merged(sites) };
}

function queueShape(group: QueueGroupOptions): GroupShape {
  const { feeder: config, consumer, blocks } = resolveQueueGroup(group);
  const { remoteFeeder, localFeeder } = group;
  const { bindTo = DEFAULTS.feederHost, port = DEFAULTS.feederPort } = remoteFeeder ?? localFeeder ?? {};
  const settings = { ...ownSettings(config), bindTo, port };
  const [feeder] = sitesOf(remoteFeeder ?? {}, settings, { count: 1 });
  const sites = blocks.flatMap((block) => consumerSites(block, port));
  return {
    kind: 'queue group',
    common: commonOf(group),
    reload: consumer.reload,
    feeder: feeder!,
    sites: merged(sites),
  };
}

function consumerSites({ options, config, count }: ConsumerBlock, feederPort: number): Site[] {
  const { host = DEFAULTS.feederHost, port = feederPort } = options;
  const onDemand = config.queue?.onDemand;
  const { maxIdleTime, minInstances: least } = onDemand ?? {};
  const settings = { ...ownSettings(config), host, port, onDemand: onDemand !== undefined, maxIdleTime };
  return sitesOf(options, settings, { count, ...(least !== undefined && { least }) });
}

function sitesOf(
  block: BlockOptions & SshOptions & { hosts?: readonly string[] },
  settings: Settings,
  counts: Pick<Site, 'count' | 'least'>,
): Site[] {
  if (block.hosts === undefined) return [{ host: LOCAL_SITE, settings: given(settings), ...counts }];
  const all = given({ ...settings, ...SSH_DEFAULTS, ...given(sshOf(block)) });
  return block.hosts.map((host) => ({ host, settings: all, ...counts }));
}

function sshOf(block: SshOptions): Settings {
  const { username, privateKey, passphraseEnv, knownHosts, hostKeyChecking, lease, connectTimeout } = block;
  return { username, privateKey, passphraseEnv, knownHosts, hostKeyChecking, lease, connectTimeout };
}

function commonOf({ command, params = {}, dependsOn = [] }: AnyGroupOptions): Settings {
  return { command, params, dependsOn: dependsOn.toSorted() };
}

/** Without what the group shares, what a reload needs, and the bounds of consumers on demand. */
function ownSettings(config: GroupConfig): Settings {
  const { name: _, command: _c, params: _p, dependsOn: _d, reload: _r, queue, ...own } = config;
  const { onDemand: _o, ...ofQueue } = queue ?? {};
  return { ...own, ...ofQueue };
}

function given(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function merged(sites: readonly Site[]): Site[] {
  const result: Site[] = [];
  for (const site of sites) {
    const index = result.findIndex(
      ({ host, settings }) => host === site.host && isDeepStrictEqual(settings, site.settings),
    );
    if (index < 0) result.push(site);
    else result[index] = together(result[index]!, site);
  }
  return result;
}

function together(one: Site, other: Site): Site {
  const least = one.least === undefined ? {} : { least: one.least + (other.least ?? 0) };
  return { ...one, count: one.count + other.count, ...least };
}
