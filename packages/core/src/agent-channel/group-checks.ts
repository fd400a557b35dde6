import { isInteger, isRecord, isText } from '../channel/checks.js';
import type { GroupConfig, ReloadConfig, ReloadOrder, RestartPolicy } from '../config/group-config.js';
import type { OnDemandConfig, QueueConfig } from '../config/queue-config.js';
import { isDuration, isOptional, isTextList } from './message-checks.js';

type Checks<T> = { readonly [K in keyof Required<T>]: (value: unknown) => boolean };

const RESTART_POLICIES: readonly unknown[] = ['never', 'on-failure', 'always'] satisfies RestartPolicy[];

const RELOAD_ORDERS: readonly unknown[] = ['start-first', 'stop-first'] satisfies ReloadOrder[];

const RELOAD_CHECKS: Checks<ReloadConfig> = {
  batch: isCount,
  pause: isDuration,
  order: (value) => RELOAD_ORDERS.includes(value),
};

const ON_DEMAND_CHECKS: Checks<OnDemandConfig> = {
  minInstances: isInteger,
  maxInstances: isInteger,
  maxIdleTime: isDuration,
};

const QUEUE_CHECKS: Checks<QueueConfig> = {
  concurrency: isCount,
  window: (value) => value === 'auto' || isCount(value),
  maxItemSize: isCount,
  itemTimeout: isDuration,
  abortGrace: isDuration,
  pollInterval: isDuration,
  targetLatency: isDuration,
  onDemand: (value) => isOptional(value, (each) => isChecked(each, ON_DEMAND_CHECKS)),
};

const GROUP_CHECKS: Checks<GroupConfig> = {
  name: isText,
  command: isText,
  params: isRecord,
  console: (value) => value === false || isOptional(value, isText),
  binPath: (value) => isOptional(value, isText),
  path: (value) => isOptional(value, isText),
  priority: Number.isInteger,
  timeout: isDuration,
  startTimeout: isDuration,
  stopTimeout: isDuration,
  restart: (value) => RESTART_POLICIES.includes(value),
  restartDelay: (value) => isOptional(value, isDuration),
  maxRestarts: isInteger,
  restartWindow: isDuration,
  memoryLimit: (value) => isOptional(value, isDuration),
  maxAge: (value) => isOptional(value, isDuration),
  dependsOn: isTextList,
  env: (value) => isRecord(value) && Object.values(value).every(isText),
  reload: (value) => isChecked(value, RELOAD_CHECKS),
  queue: (value) => isOptional(value, (each) => isChecked(each, QUEUE_CHECKS)),
};

/** Every key: what is not as the type says would be found where nobody expects it. */
export function isGroup(value: unknown): boolean {
  return isChecked(value, GROUP_CHECKS);
}

function isChecked(value: unknown, checks: Readonly<Record<string, (value: unknown) => boolean>>): boolean {
  return isRecord(value) && Object.entries(checks).every(([key, check]) => check(value[key]));
}

function isCount(value: unknown): boolean {
  return isInteger(value) && value > 0;
}
