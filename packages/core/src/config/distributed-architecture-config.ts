import type { GroupOptions } from './group-config.js';
import type { QueueGroupOptions } from './queue-group-options.js';

/** A configuration that was read and checked. Groups stand in the order of the file. */
export interface DistributedArchitectureConfig {
  /** Name of the fleet; undefined: the package's. */
  name?: string;
  groups: GroupOptions[];
  queueGroups: QueueGroupOptions[];
}

/** A configuration as it is given in code: groups as lists, or by their names. At least one group of any kind. */
export interface DistributedArchitectureOptions {
  name?: string;
  groups?: Named<GroupOptions>;
  queueGroups?: Named<QueueGroupOptions>;
}

type Named<T extends { name: string }> = readonly T[] | Readonly<Record<string, Omit<T, 'name'>>>;
