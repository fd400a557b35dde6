import type { FleetPlace } from './fleet-place.js';
import type { LoadConfigOptions } from './load-config.js';

/**
 * Reads the name of the fleet and the folder of its pid file, and nothing else: whoever wants to look at a master that
 * runs, or to stop it, can do so while the rest of the file is wrong, or variables of the master's environment are not set.
 *
 * @throws ConfigError when the file is no YAML, or these two are wrong
 */
export async function readFleetPlace({
  file,
  env = process.env,
  cwd = process.cwd(),
}: LoadConfigOptions): Promise<FleetPlace> {
  const { readFleetKeys } = await import('./binding/read-fleet-keys.js');
  return readFleetKeys(file, { env, cwd, refuseUnsupported: true });
}
