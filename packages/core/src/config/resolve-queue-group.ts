import { DEFAULTS } from './defaults.js';
import type { BlockOptions, GroupConfig, SshOptions } from './group-config.js';
import type { OnDemandConfig, QueueConfig } from './queue-config.js';
import type { LocalConsumersOptions, QueueGroupOptions, RemoteConsumersOptions } from './queue-group-options.js';
import { resolveGroup } from './resolve-group.js';

/** A queue group as it runs. */
export interface ResolvedQueueGroup {
  /** On demand its bounds are those of all consumers together. */
  readonly feeder: GroupConfig;
  /** That of the first block. */
  readonly consumer: GroupConfig;
  /** Number of consumers; on demand the most that there may be. So many ids are theirs. */
  readonly consumers: number;
  /** Bounds of all consumers together. Undefined: all consumers run, always. */
  readonly onDemand?: OnDemandConfig;
  /** `local` first, then each `remote`. */
  readonly blocks: readonly ConsumerBlock[];
}

/** Consumers with the same settings. */
export interface ConsumerBlock {
  readonly options: LocalConsumersOptions & SshOptions;
  /** On demand its bounds are those of the block, on each host. */
  readonly config: GroupConfig;
  /** Undefined: the launcher's machine. */
  readonly hosts?: readonly string[];
  /** Consumers on each host; on demand the most that there may be. */
  readonly count: number;
}

type Block = LocalConsumersOptions | RemoteConsumersOptions;

/** Fills in what a queue group leaves open, for its feeder and for its consumers. All have the same settings of the queue but for those on demand. */
export function resolveQueueGroup(group: QueueGroupOptions): ResolvedQueueGroup {
  const written = blocksOf(group);
  const isOnDemand = written.some(isBlockOnDemand);
  const blocks = written.map((block) => resolveConsumers(group, block, isOnDemand));
  const total = isOnDemand ? sum(blocks) : undefined;
  const feeder = resolveBlock(group, group.remoteFeeder ?? group.localFeeder);
  return {
    feeder: { ...feeder, queue: resolveQueue(group, total) },
    consumer: blocks[0]!.config,
    consumers: blocks.reduce((count, block) => count + block.count * hostCount(block), 0),
    ...(total && { onDemand: total }),
    blocks,
  };
}

/** In code a queue group may say nothing of where its consumers are. */
function blocksOf({ consumers: { local, remote = [] } }: QueueGroupOptions): Block[] {
  return local !== undefined || remote.length === 0 ? [local ?? {}, ...remote] : remote;
}

function resolveConsumers(group: QueueGroupOptions, block: Block, isOnDemand: boolean): ConsumerBlock {
  const onDemand = isOnDemand ? resolveOnDemand(block) : undefined;
  return {
    options: block,
    config: { ...resolveBlock(group, block), queue: resolveQueue(group, onDemand) },
    ...('hosts' in block && { hosts: block.hosts }),
    count: onDemand?.maxInstances ?? instances(block),
  };
}

function resolveBlock(group: QueueGroupOptions, block: BlockOptions = {}): GroupConfig {
  const restart = block.restart ?? group.restart ?? DEFAULTS.queueRestart;
  const config = resolveGroup(group, { ...block, restart });
  return { ...config, reload: { ...config.reload, order: group.reload?.order ?? DEFAULTS.consumersReloadOrder } };
}

function resolveQueue(options: QueueGroupOptions, onDemand: OnDemandConfig | undefined): QueueConfig {
  const concurrency = options.concurrency ?? DEFAULTS.concurrency;
  return {
    concurrency,
    window: options.window ?? DEFAULTS.window,
    maxItemSize: options.maxItemSize ?? DEFAULTS.maxItemSize,
    itemTimeout: options.itemTimeout ?? DEFAULTS.itemTimeout,
    abortGrace: options.abortGrace ?? (concurrency === 1 ? DEFAULTS.abortGraceAlone : DEFAULTS.abortGrace),
    pollInterval: options.pollInterval ?? DEFAULTS.pollInterval,
    targetLatency: options.targetLatency ?? DEFAULTS.targetLatency,
    ...(onDemand && { onDemand }),
  };
}

function isBlockOnDemand({ minInstances, maxInstances }: Block): boolean {
  return minInstances !== undefined || maxInstances !== undefined;
}

/** Where other consumers come and go, a fixed number is a lower and an upper bound. */
function resolveOnDemand(block: Block): OnDemandConfig {
  const fixed = isBlockOnDemand(block) ? undefined : instances(block);
  return {
    minInstances: fixed ?? block.minInstances ?? DEFAULTS.minInstances,
    maxInstances: fixed ?? block.maxInstances ?? DEFAULTS.maxInstances,
    maxIdleTime: fixed === undefined ? (block.maxIdleTime ?? DEFAULTS.maxIdleTime) : DEFAULTS.maxIdleTime,
  };
}

/** The feeder tells who is idle: by the shortest time that any block gives. */
function sum(blocks: readonly ConsumerBlock[]): OnDemandConfig {
  const bounds = blocks.map((block) => ({ ...block.config.queue!.onDemand!, hosts: hostCount(block) }));
  const idleTimes = bounds.map(({ maxIdleTime }) => maxIdleTime).filter((time) => time > 0);
  return {
    minInstances: bounds.reduce((total, { minInstances, hosts }) => total + minInstances * hosts, 0),
    maxInstances: bounds.reduce((total, { maxInstances, hosts }) => total + maxInstances * hosts, 0),
    maxIdleTime: idleTimes.length > 0 ? Math.min(...idleTimes) : DEFAULTS.maxIdleTime,
  };
}

function instances({ instancesCount = DEFAULTS.instancesCount }: Block): number {
  return instancesCount;
}

function hostCount({ hosts }: ConsumerBlock): number {
  return hosts?.length ?? 1;
}
