import { DEFAULTS } from './defaults.js';
import type { BlockOptions, GroupConfig } from './group-config.js';
import type { OnDemandConfig, QueueConfig } from './queue-config.js';
import type { LocalConsumersOptions, QueueGroupOptions } from './queue-group-options.js';
import { resolveGroup } from './resolve-group.js';

/** A queue group as it runs on this machine. */
export interface ResolvedQueueGroup {
  readonly feeder: GroupConfig;
  readonly consumer: GroupConfig;
  /** Number of consumers; on demand the most that there may be. So many ids are theirs. */
  readonly consumers: number;
  /** Undefined: all consumers run, always. */
  readonly onDemand?: OnDemandConfig;
}

/** Fills in what a queue group leaves open, for its feeder and for its local consumers. Both have the same settings of the queue. */
export function resolveQueueGroup(options: QueueGroupOptions): ResolvedQueueGroup {
  const { local = {} } = options.consumers;
  const onDemand = resolveOnDemand(local);
  const queue = resolveQueue(options, onDemand);
  return {
    feeder: { ...resolveBlock(options, options.localFeeder), queue },
    consumer: { ...resolveBlock(options, local), queue },
    consumers: onDemand?.maxInstances ?? local.instancesCount ?? DEFAULTS.instancesCount,
    ...(onDemand && { onDemand }),
  };
}

function resolveBlock(group: QueueGroupOptions, block: BlockOptions = {}): GroupConfig {
  const restart = block.restart ?? group.restart ?? DEFAULTS.queueRestart;
  return resolveGroup({ ...group, local: { ...block, restart } });
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

function resolveOnDemand(local: LocalConsumersOptions): OnDemandConfig | undefined {
  if (local.minInstances === undefined && local.maxInstances === undefined) return undefined;
  return {
    minInstances: local.minInstances ?? DEFAULTS.minInstances,
    maxInstances: local.maxInstances ?? DEFAULTS.maxInstances,
    maxIdleTime: local.maxIdleTime ?? DEFAULTS.maxIdleTime,
  };
}
