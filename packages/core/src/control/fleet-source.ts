import type { QueueRole } from '../channel/queue-message.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { QueueView } from '../launcher/queue-counts.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { FleetStatus, GroupStatus } from './fleet-status.js';

/** What a status shows of a launcher at the moment in which it is asked for. */
export interface FleetSource {
  readonly name: string | undefined;
  readonly epoch: number;
  readonly service: boolean;
  readonly isStopping: boolean;
  readonly change: FleetStatus['change'];
  /** In the order of the configuration. */
  readonly groups: readonly SourceGroup[];
  /** Groups as they run, with what scaling has changed; secrets are in it. Absent: it is not told. */
  readonly configuration?: readonly (GroupOptions | QueueGroupOptions)[];
  /** In the order of their ids. */
  readonly processes: readonly ManagedProcess[];
  readonly queues: readonly QueueView[];
  roleOf(id: number): QueueRole | undefined;
}

export type SourceGroup = Pick<GroupStatus, 'name' | 'kind' | 'command' | 'suspended'>;
