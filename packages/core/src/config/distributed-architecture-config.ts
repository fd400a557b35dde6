import type { GroupOptions } from './group-config.js';

/** A configuration that was read and checked. Groups stand in the order of the file. */
export interface DistributedArchitectureConfig {
  /** Name of the fleet; undefined: the package's. */
  name?: string;
  groups: GroupOptions[];
}

/** A configuration as it is given in code: groups as a list, or by their names. */
export interface DistributedArchitectureOptions {
  name?: string;
  groups: readonly GroupOptions[] | Readonly<Record<string, Omit<GroupOptions, 'name'>>>;
}
