import type { DistributedArchitectureConfig } from '../config/distributed-architecture-config.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';

/** What a configuration says about the master itself. */
export type MasterConfiguration = Pick<DistributedArchitectureConfig, 'name' | 'log' | 'pidPath' | 'metrics'>;

/** What two configurations are compared by. */
export interface FleetConfiguration extends MasterConfiguration {
  /** Groups and queue groups. */
  readonly groups: readonly (GroupOptions | QueueGroupOptions)[];
}
