import { loadConfig, validateConfig, type DistributedArchitectureConfig } from '@distributed-architecture/core';
import type { DistributedArchitectureModuleOptions } from '../module/module-options.js';

export const DEFAULT_CONFIG_FILE = 'config/distributed_architecture.yaml';

export const CONFIG_VARIABLE = 'DISTRIBUTED_ARCHITECTURE_CONFIG';

/**
 * The configuration: of the file named on the command line, else in the environment, else of the module's option, else
 * of the default file.
 *
 * @throws ConfigError with everything that is wrong in it
 */
export function readConfig(
  fileOption: string | undefined,
  module: DistributedArchitectureModuleOptions,
  env: NodeJS.ProcessEnv,
): Promise<DistributedArchitectureConfig> {
  const source = fileOption ?? (env[CONFIG_VARIABLE] || module.config) ?? DEFAULT_CONFIG_FILE;
  return typeof source === 'string' ? loadConfig({ file: source, env }) : validateConfig(source, { env });
}
