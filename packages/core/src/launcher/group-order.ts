import { isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** A group among those that it depends on and those that depend on it. */
export interface OrderedGroup {
  readonly name: string;
  readonly ids: number[];
  /** Groups that must be ready before this one starts. */
  readonly dependsOn: readonly string[];
  /** Groups that must have ended before this one is asked to stop. */
  readonly dependents: string[];
}

export type GroupOrder = ReadonlyMap<string, OrderedGroup>;
type Records = ReadonlyMap<number, ProcessRecord>;

export function orderGroups(specs: readonly ProcessSpec[]): GroupOrder {
  const groups = new Map<string, OrderedGroup>();
  for (const { id, config } of specs) {
    const { name, dependsOn } = config;
    if (!groups.has(name)) groups.set(name, { name, dependsOn, ids: [], dependents: [] });
    groups.get(name)!.ids.push(id);
  }
  for (const { name, dependsOn } of groups.values()) {
    for (const other of dependsOn) groups.get(other)!.dependents.push(name);
  }
  return groups;
}

/** Whether all that a group depends on has been ready, or has done its work and ended well. */
export function mayStart(order: GroupOrder, records: Records, name: string): boolean {
  return order.get(name)!.dependsOn.every((other) => membersOf(order, records, other).every(hasServed));
}

/** The first group of those that this one depends on which has a process that failed for good. */
export function failedDependency(order: GroupOrder, records: Records, name: string): string | undefined {
  const failed = (other: string): boolean => membersOf(order, records, other).some(({ state }) => state === 'failed');
  return order.get(name)!.dependsOn.find(failed);
}

/** Whether nothing is left that depends on a group. */
export function mayStop(order: GroupOrder, records: Records, name: string): boolean {
  return order.get(name)!.dependents.every((other) => membersOf(order, records, other).every(isOver));
}

function membersOf(order: GroupOrder, records: Records, name: string): ProcessRecord[] {
  return order.get(name)!.ids.map((id) => records.get(id)!);
}

function hasServed({ wasReady, state }: ProcessRecord): boolean {
  return wasReady ? state !== 'failed' : state === 'stopped';
}
