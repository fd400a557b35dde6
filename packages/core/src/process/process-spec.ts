import type { GroupConfig, GroupOptions } from '../config/group-config.js';
import { DEFAULTS } from '../config/defaults.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { resolveGroup } from '../config/resolve-group.js';
import { resolveQueueGroup } from '../config/resolve-queue-group.js';
import type { QueueRole } from '../channel/queue-message.js';
import type { LogOrigin } from '../logger/logger.js';

/** What a launcher knows of a process before it runs. */
export interface ProcessSpec {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly config: GroupConfig;
  readonly origin: Required<LogOrigin>;
  /** Key of the agent that supervises it; undefined: the launcher itself does. */
  readonly agent?: string;
  /** Of a process of a queue group. */
  readonly queue?: QueuePart;
}

/** What a process of a queue group is in it. */
export interface QueuePart {
  readonly role: QueueRole;
}

type Unnumbered = Omit<ProcessSpec, 'id' | 'origin' | 'agent'>;

/** Before the name of a process in the log. */
const TITLES: Readonly<Record<QueueRole, string>> = { feeder: 'Feeder - ', consumer: 'Consumer - ' };

/**
 * The processes of all groups, with their ids in the order of the configuration. Of a queue group the feeder comes
 * first, then all consumers that there may be.
 *
 * @param agents hosts whose processes an agent supervises
 */
export function listProcesses(
  groups: readonly (GroupOptions | QueueGroupOptions)[],
  agents: ReadonlySet<string> = new Set(),
): ProcessSpec[] {
  return groups.flatMap(groupProcesses).map((spec, index) => numbered(spec, index + 1, agents));
}

function groupProcesses(group: GroupOptions | QueueGroupOptions): Unnumbered[] {
  return 'consumers' in group ? queueProcesses(group) : plainProcesses(group);
}

function plainProcesses(group: GroupOptions): Unnumbered[] {
  const config = resolveGroup(group);
  const groupCount = group.local?.instancesCount ?? DEFAULTS.instancesCount;
  return Array.from({ length: groupCount }, (_, index) => ({ groupId: index + 1, groupCount, config }));
}

function queueProcesses(group: QueueGroupOptions): Unnumbered[] {
  const { feeder, consumer, consumers } = resolveQueueGroup(group);
  const groupCount = consumers + 1;
  const ofConsumers = Array.from({ length: consumers }, (_, index) => ({
    groupId: index + 2,
    groupCount,
    config: consumer,
    queue: { role: 'consumer' as const },
  }));
  return [{ groupId: 1, groupCount, config: feeder, queue: { role: 'feeder' } }, ...ofConsumers];
}

function numbered(spec: Unnumbered, id: number, agents: ReadonlySet<string>): ProcessSpec {
  const title = spec.queue === undefined ? '' : TITLES[spec.queue.role];
  const display = `${title}${spec.config.command}/${id}/${spec.groupId}`;
  const host = 'localhost';
  const origin = { group: spec.config.name, host, display };
  return { ...spec, id, origin, ...(agents.has(host) && { agent: host }) };
}
