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
  /** An agent on its host supervises it. */
  readonly remote: boolean;
}

type Unnumbered = Omit<ProcessSpec, 'id' | 'origin' | 'remote'>;

/**
 * The processes of all groups, with their ids in the order of the configuration.
 *
 * @param agents hosts whose processes an agent supervises
 */
export function listProcesses(groups: readonly GroupOptions[], agents: ReadonlySet<string> = new Set()): ProcessSpec[] {
  return groups.flatMap(groupProcesses).map((spec, index) => numbered(spec, index + 1, agents));
}

function groupProcesses(group: GroupOptions): Unnumbered[] {
  const config = resolveGroup(group);
  const groupCount = group.local?.instancesCount ?? DEFAULTS.instancesCount;
  return Array.from({ length: groupCount }, (_, index) => ({ groupId: index + 1, groupCount, config }));
}

function numbered(spec: Unnumbered, id: number, agents: ReadonlySet<string>): ProcessSpec {
  const display = `${spec.config.command}/${id}/${spec.groupId}`;
  const host = 'localhost';
  return { ...spec, id, origin: { group: spec.config.name, host, display }, remote: agents.has(host) };
}
