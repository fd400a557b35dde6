import { join } from 'node:path';
import {
  fileNameOf,
  pidFileOf,
  type DistributedArchitectureConfig,
  type FleetConfiguration,
  type MetricsOptions,
  type OpenLogOptions,
} from '@distributed-architecture/core';
import type { MasterRunOptions } from './master-options.js';
import type { AnyGroupOptions } from './pre-run-checks.js';

const LOG_FOLDER = 'var/';

/** What a master does, by its configuration and its command line. */
export interface MasterSettings {
  /** Undefined: a fleet without a name, of which nobody else knows. */
  readonly name: string | undefined;
  readonly groups: readonly AnyGroupOptions[];
  /** What the configuration alone says. */
  readonly configuration: FleetConfiguration;
  /** Undefined: without a name there is none. */
  readonly pidFile: string | undefined;
  /** Somebody has asked for just this pid file, or it is a service: it does not run without. */
  readonly needsPidFile: boolean;
  readonly log: OpenLogOptions;
  /** Undefined: on the control socket alone. */
  readonly metrics: MetricsOptions | undefined;
}

/** @param packageName of the application: the name of a fleet that has none */
export function settingsOf(
  config: DistributedArchitectureConfig,
  options: MasterRunOptions,
  packageName: string | undefined,
): MasterSettings {
  const { name = packageName, log, pidPath, metrics } = config;
  const groups = [...config.groups, ...config.queueGroups];
  return {
    name,
    groups,
    configuration: { groups, name, log, pidPath, metrics },
    pidFile: options.pidFile ?? (name === undefined ? undefined : pidFileOf(name, pidPath)),
    needsPidFile: options.service !== undefined || options.pidFile !== undefined || pidPath !== undefined,
    log: { ...config.log, ...given(options.log), path: logPath(config, options, name) },
    metrics,
  };
}

/** Undefined: stdout, where systemd, a container or a terminal reads it. */
function logPath({ log }: DistributedArchitectureConfig, options: MasterRunOptions, name = ''): string | undefined {
  if (options.log?.path !== undefined) return options.log.path;
  if (options.service === undefined) return undefined;
  const folder = options.service === 'detached' ? (log?.path ?? LOG_FOLDER) : log?.path;
  return folder === undefined ? undefined : join(folder, `${fileNameOf(name)}.log`);
}

function given(log: OpenLogOptions = {}): OpenLogOptions {
  return Object.fromEntries(Object.entries(log).filter(([, value]) => value !== undefined));
}
