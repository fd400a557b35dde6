import { DEFAULTS } from './defaults.js';
import type { BlockOptions, GroupConfig, GroupOptions } from './group-config.js';

/**
 * Fills in what a group leaves open, for the processes of one block: `local`, or one of `remote`.
 *
 * A program of its own (`console: false`) may be silent for ever, so its `timeout` defaults to 0.
 *
 * @param block default: the first that the group has
 */
export function resolveGroup(
  options: GroupOptions,
  block: BlockOptions = options.local ?? options.remote?.[0] ?? {},
): GroupConfig {
  const merged: BlockOptions = { ...defined(options), ...defined(block) };
  const timeout = merged.timeout ?? (merged.console === false ? 0 : DEFAULTS.timeout);
  return {
    name: options.name,
    command: options.command,
    params: options.params ?? {},
    console: merged.console,
    binPath: merged.binPath,
    path: merged.path,
    priority: merged.priority ?? DEFAULTS.priority,
    timeout,
    startTimeout: merged.startTimeout ?? DEFAULTS.startTimeout,
    stopTimeout: merged.stopTimeout ?? (timeout === 0 ? DEFAULTS.stopTimeoutWithoutTimeout : timeout),
    restart: merged.restart ?? DEFAULTS.restart,
    restartDelay: merged.restartDelay,
    maxRestarts: merged.maxRestarts ?? DEFAULTS.maxRestarts,
    restartWindow: merged.restartWindow ?? DEFAULTS.restartWindow,
    memoryLimit: merged.memoryLimit || undefined,
    maxAge: merged.maxAge || undefined,
    dependsOn: options.dependsOn ?? [],
    env: { ...options.env, ...block.env },
    reload: {
      batch: options.reload?.batch ?? DEFAULTS.reloadBatch,
      pause: options.reload?.pause ?? DEFAULTS.reloadPause,
      order: options.reload?.order ?? DEFAULTS.reloadOrder,
    },
  };
}

/** Without the keys that are there but undefined: those must not hide the group's value. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
