import type { GroupOptions } from '../config/group-config.js';
import { listProcesses, type ProcessSpec } from '../process/process-spec.js';

/** A group of one process whose times are easy to calculate with. */
export function group(options: Partial<GroupOptions> = {}): GroupOptions {
  return { name: 'Group', command: 'work', timeout: 10, startTimeout: 60, stopTimeout: 5, ...options };
}

/** The first process of a group. */
export function processSpec(options: Partial<GroupOptions> = {}): ProcessSpec {
  return listProcesses([group(options)])[0]!;
}
