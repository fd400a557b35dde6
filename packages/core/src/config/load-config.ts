import type {
  DistributedArchitectureConfig,
  DistributedArchitectureOptions,
} from './distributed-architecture-config.js';

/** Where a configuration is read from. */
export interface LoadConfigOptions {
  /** Path of the YAML file; a relative one starts at `cwd`. */
  file: string;
  /** What `${NAME}` takes its values from; default: this process' environment. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start; default: the working directory. */
  cwd?: string;
}

/**
 * Reads and checks a configuration file.
 *
 * What does the work (js-yaml, class-validator) is loaded by the first call: most processes of an application never read
 * a configuration.
 *
 * @throws ConfigError with all that is wrong
 */
export async function loadConfig({ file, ...options }: LoadConfigOptions): Promise<DistributedArchitectureConfig> {
  const { readConfigFile } = await import('./binding/read-config.js');
  return readConfigFile(file, withDefaults(options));
}

/**
 * Checks a configuration given in code, by the rules of the file; keys are camelCase, nothing is taken from the
 * environment. Returns a copy: groups as a list, durations as seconds, paths resolved.
 *
 * @throws ConfigError with all that is wrong
 */
export async function validateConfig(
  input: DistributedArchitectureOptions,
  options: Omit<LoadConfigOptions, 'file'> = {},
): Promise<DistributedArchitectureConfig> {
  const { readConfigObject } = await import('./binding/read-config.js');
  return readConfigObject(input, withDefaults(options));
}

function withDefaults({ env = process.env, cwd = process.cwd() }: Omit<LoadConfigOptions, 'file'>) {
  return { env, cwd, refuseUnsupported: true };
}
