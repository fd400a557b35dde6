import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { placeProcesses } from '../placement/place-processes.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** A group of one process whose times are easy to calculate with. */
export function group(options: Partial<GroupOptions> = {}): GroupOptions {
  return { name: 'Group', command: 'work', timeout: 10, startTimeout: 60, stopTimeout: 5, ...options };
}

/** The first process of a group. */
export function processSpec(options: Partial<GroupOptions> = {}): ProcessSpec {
  return listProcesses([group(options)])[0]!;
}

/** The processes of some groups, in the order of their ids. */
export function listProcesses(groups: readonly (GroupOptions | QueueGroupOptions)[]): ProcessSpec[] {
  return [...placeProcesses(groups).specs];
}
