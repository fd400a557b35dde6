import { CONFIG_VARIABLE } from '../../master/config-source.js';
import type { DistributedArchitectureModuleOptions } from '../../module/module-options.js';
import type { FleetCall } from './fleet-command.js';

/** Where the configuration is: the file that was typed, else what the module says, unless the environment names a file. */
export interface ConfigSource {
  readonly file: string | undefined;
  readonly config: DistributedArchitectureModuleOptions['config'];
}

export async function sourceOf(call: FleetCall): Promise<ConfigSource> {
  const file = call.options['configFile'];
  if (typeof file === 'string') return { file, config: undefined };
  return { file: undefined, config: process.env[CONFIG_VARIABLE] ? undefined : await call.moduleConfig() };
}
