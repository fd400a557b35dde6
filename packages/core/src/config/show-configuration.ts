import { dump } from 'js-yaml';
import { DEFAULTS } from './defaults.js';
import type { DistributedArchitectureConfig } from './distributed-architecture-config.js';
import type { BlockOptions, GroupConfig, GroupOptions, SshOptions } from './group-config.js';
import { maskAll, maskSecrets } from './mask-secrets.js';
import { maskCommand } from './mask-text.js';
import type { QueueGroupOptions } from './queue-group-options.js';
import { TOP_KEY } from './reading/yaml-tree.js';
import { resolveGroup } from './resolve-group.js';
import { resolveQueueGroup, type ConsumerBlock } from './resolve-queue-group.js';
import { ConsumersSection } from './schema/consumers-section.js';
import { GroupSection } from './schema/group-section.js';
import { LocalConsumersSection } from './schema/local-consumers-section.js';
import { LocalFeederSection } from './schema/local-feeder-section.js';
import { LocalSection } from './schema/local-section.js';
import { LogSection } from './schema/log-section.js';
import { MetricsSection } from './schema/metrics-section.js';
import { ProcessSection } from './schema/process-section.js';
import { QueueGroupSection } from './schema/queue-group-section.js';
import { ReloadSection } from './schema/reload-section.js';
import { RemoteConsumersSection } from './schema/remote-consumers-section.js';
import { RemoteFeederSection } from './schema/remote-feeder-section.js';
import { RemoteSection } from './schema/remote-section.js';
import { RootSection } from './schema/root-section.js';
import { settingsOf, type SectionClass } from './schema/setting.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * A configuration as a file with all defaults, which loads again and means the same. What holds for processes stands in each
 * block (`local`, each of `remote` ...): so one sees there what its processes get.
 */
export function renderConfiguration(config: DistributedArchitectureConfig): string {
  const { groups, queueGroups, log, metrics } = config;
  const root = write(RootSection, {
    name: config.name,
    groups: groups.length > 0 ? byName(groups, writeGroup) : undefined,
    queueGroups: queueGroups.length > 0 ? byName(queueGroups, writeQueueGroup) : undefined,
    log: write(LogSection, { ...defaultsOf(LogSection), ...log }),
    pidPath: config.pidPath ?? DEFAULTS.pidPath,
    metrics: metrics && write(MetricsSection, { ...defaultsOf(MetricsSection), ...metrics }),
  });
  return dump({ [TOP_KEY]: escapeDollars(root) }, { lineWidth: -1, noRefs: true });
}

function byName<G extends { name: string }>(groups: readonly G[], writeOne: (group: G) => Values): Values {
  return Object.fromEntries(groups.map((group) => [group.name, writeOne(group)]));
}

function writeGroup(group: GroupOptions): Values {
  const block = (options: BlockOptions): Values => ({
    instancesCount: DEFAULTS.instancesCount,
    ...options,
    ...processValues(resolveGroup(group, options)),
  });
  return write(GroupSection, {
    ...groupValues(group, resolveGroup(group)),
    local: group.local && write(LocalSection, block(group.local)),
    remote: group.remote?.map((remote) => write(RemoteSection, withSsh(remote, block(remote)))),
  });
}

function writeQueueGroup(group: QueueGroupOptions): Values {
  const { feeder, consumer, blocks } = resolveQueueGroup(group);
  const feederValues = (options: object): Values => ({
    ...defaultsOf(LocalFeederSection),
    ...options,
    ...processValues(feeder),
  });
  const { remoteFeeder, localFeeder = remoteFeeder ? undefined : {} } = group;
  return write(QueueGroupSection, {
    ...consumer.queue,
    ...groupValues(group, consumer),
    localFeeder: localFeeder && write(LocalFeederSection, feederValues(localFeeder)),
    remoteFeeder: remoteFeeder && write(RemoteFeederSection, withSsh(remoteFeeder, feederValues(remoteFeeder))),
    consumers: write(ConsumersSection, {
      local: blocks.filter(({ hosts }) => !hosts).map((block) => writeConsumers(block, feederPort(group)))[0],
      remote: some(blocks.filter(({ hosts }) => hosts).map((block) => writeConsumers(block, feederPort(group)))),
    }),
  });
}

function writeConsumers({ options, config, hosts }: ConsumerBlock, port: number): Values {
  const isOnDemand = options.minInstances !== undefined || options.maxInstances !== undefined;
  const { minInstances, maxInstances, maxIdleTime } = DEFAULTS;
  const count = isOnDemand ? { minInstances, maxInstances, maxIdleTime } : { instancesCount: DEFAULTS.instancesCount };
  const values = { ...count, host: DEFAULTS.feederHost, port, ...options, ...processValues(config) };
  return hosts ? write(RemoteConsumersSection, withSsh(options, values)) : write(LocalConsumersSection, values);
}

function feederPort({ localFeeder, remoteFeeder }: QueueGroupOptions): number {
  return (remoteFeeder ?? localFeeder)?.port ?? DEFAULTS.feederPort;
}

function groupValues(
  { command, params, dependsOn }: GroupOptions | QueueGroupOptions,
  { reload }: GroupConfig,
): Values {
  return { command, params, dependsOn, reload: write(ReloadSection, { ...reload }) };
}

/** Settings of a process, without those that its group has for all. */
function processValues(config: GroupConfig): Values {
  const values = config as unknown as Values;
  const entries = settingsOf(ProcessSection).map(({ property }) => [property, values[property]] as const);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

/** `connect_timeout` is left open: `~/.ssh/config` may have one. */
function withSsh(options: SshOptions, values: Values): Values {
  return { hostKeyChecking: DEFAULTS.hostKeyChecking, lease: DEFAULTS.lease, ...values, ...options, ...values };
}

/** The keys of a section in its own order, as they are written in the file. */
function write(section: SectionClass, values: Values): Values {
  const entries = settingsOf(section).map(({ property, yamlKey, secret }) => {
    const value = values[property];
    if (value === undefined) return [yamlKey, undefined] as const;
    return [yamlKey, secret ? maskAll(value) : shown(property, value)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

/** What is executed: it may have passwords in it. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'console', 'binPath']);

function shown(property: string, value: unknown): unknown {
  if (property === 'params') return maskSecrets(value);
  return COMMANDS.has(property) && typeof value === 'string' ? maskCommand(value) : value;
}

/** Literal defaults, but for those of processes: a group may have others. */
function defaultsOf(section: SectionClass): Values {
  const ofProcesses = new Set(settingsOf(ProcessSection));
  const own = settingsOf(section).filter((setting) => !ofProcesses.has(setting));
  return Object.fromEntries(own.map(({ property, default: value }) => [property, value]));
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Says nothing where it stands: not given, or a list or mapping without anything. */
function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/** A dollar sign in the file is the beginning of a variable, unless it is doubled. */
function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, escapeDollars(each)]));
}
