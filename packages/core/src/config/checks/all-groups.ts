import type { GroupSection } from '../schema/group-section.js';
import type { JobQueueSection } from '../schema/job-queue-section.js';
import type { QueueGroupSection } from '../schema/queue-group-section.js';
import type { RootSection } from '../schema/root-section.js';

export type AnyGroup = GroupSection | QueueGroupSection | JobQueueSection;

/** All groups in the order in which they get their ids, with the key they stand under. */
export function allGroups(root: RootSection): { group: AnyGroup; kind: 'groups' | 'queueGroups' | 'jobQueues' }[] {
  return (['groups', 'queueGroups', 'jobQueues'] as const).flatMap((kind) =>
    (root[kind] ?? []).map((group) => ({ group, kind })),
  );
}
