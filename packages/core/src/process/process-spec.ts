import type { GroupConfig, GroupOptions } from '../config/group-config.js';
import { DEFAULTS } from '../config/defaults.js';
import { resolveGroup } from '../config/resolve-group.js';
import type { LogOrigin } from '../logger/logger.js';

/** What a launcher knows of a process before it runs. */
export interface ProcessSpec {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly config: GroupConfig;
  readonly origin: Required<LogOrigin>;
}

/** The processes of all groups, with their ids in the order of the configuration. */
export function listProcesses(groups: readonly GroupOptions[]): ProcessSpec[] {
  return groups.flatMap(groupProcesses).map((spec, index) => numbered(spec, index + 1));
}

function groupProcesses(group: GroupOptions): Omit<ProcessSpec, 'id' | 'origin'>[] {
  const config = resolveGroup(group);
  const groupCount = group.local?.instancesCount ?? DEFAULTS.instancesCount;
  return Array.from({ length: groupCount }, (_, index) => ({ groupId: index + 1, groupCount, config }));
}

function numbered(spec: Omit<ProcessSpec, 'id' | 'origin'>, id: number): ProcessSpec {
  const display = `${spec.config.command}/${id}/${spec.groupId}`;
  return { ...spec, id, origin: { group: spec.config.name, host: 'localhost', display } };
}
