import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { hasQueueFailed, hasQueueServed, type QueueState } from './queue-state.js';
import type { Tallies, Tally } from './tally.js';

/** A group among those that it depends on and those that depend on it. */
export interface OrderedGroup {
  readonly name: string;
  /** In their order. */
  readonly ids: Set<number>;
  /** Groups that must be ready before this one starts. */
  readonly dependsOn: readonly string[];
  /** Groups that must have ended before this one is asked to stop. */
  readonly dependents: string[];
}

export type GroupOrder = ReadonlyMap<string, OrderedGroup>;
type Records = ReadonlyMap<number, ProcessRecord>;

export function orderGroups(specs: readonly ProcessSpec[]): Map<string, OrderedGroup> {
  const groups = new Map<string, OrderedGroup>();
  addToOrder(groups, specs);
  return groups;
}

/** Processes of groups that there are, or of new ones. */
export function addToOrder(groups: Map<string, OrderedGroup>, specs: readonly ProcessSpec[]): void {
  const added = new Set<string>();
  for (const { id, config } of specs) {
    const { name, dependsOn } = config;
    if (!groups.has(name)) {
      groups.set(name, { name, dependsOn, ids: new Set(), dependents: [] });
      added.add(name);
    }
    groups.get(name)!.ids.add(id);
  }
  for (const { name, dependsOn } of groups.values()) {
    // Under an agent a group may depend on one that runs elsewhere: its master knows.
    for (const other of dependsOn) if (added.has(name) || added.has(other)) groups.get(other)?.dependents.push(name);
  }
}

/** A process is gone, and its group with the last one. */
export function removeFromOrder(groups: Map<string, OrderedGroup>, { id, config: { name } }: ProcessSpec): void {
  const group = groups.get(name)!;
  group.ids.delete(id);
  if (group.ids.size > 0) return;
  groups.delete(name);
  for (const other of group.dependsOn) {
    const dependents = groups.get(other)?.dependents ?? [];
    if (dependents.includes(name)) dependents.splice(dependents.indexOf(name), 1);
  }
}

/** What the order is decided by. */
export interface OrderedState {
  readonly groups: GroupOrder;
  readonly queues: ReadonlyMap<string, QueueState>;
  readonly processes: Records;
  readonly tallies: Tallies;
  /** Groups that are retired whole. */
  readonly retired: ReadonlySet<string>;
}

/** Whether all that a group depends on has been ready, or has done its work and ended well. */
export function mayStart(state: OrderedState, name: string): boolean {
  return state.groups.get(name)!.dependsOn.every((other) => hasServed(state, other));
}

/** The first group of those that this one depends on which has a process that failed for good. */
export function failedDependency(state: OrderedState, name: string): string | undefined {
  return state.groups.get(name)!.dependsOn.find((other) => hasFailed(state, other));
}

/** Whether nothing is left that depends on a group. */
export function mayStop(state: OrderedState, name: string): boolean {
  const isGone = (other: string): boolean => tallyOf(state, other).over === sizeOf(state, other);
  return state.groups.get(name)!.dependents.every(isGone);
}

function sizeOf({ groups }: OrderedState, name: string): number {
  return groups.get(name)!.ids.size;
}

function tallyOf({ tallies }: OrderedState, name: string): Tally {
  return tallies.groups.get(name)!;
}

/** What is being replaced is about to stop, and then not there for a while. */
function hasServed(state: OrderedState, name: string): boolean {
  if (!state.groups.has(name) || state.retired.has(name)) return false;
  const queue = state.queues.get(name);
  if (queue !== undefined) return hasQueueServed(queue, state.processes);
  return tallyOf(state, name).served === sizeOf(state, name);
}

function hasFailed(state: OrderedState, name: string): boolean {
  if (!state.groups.has(name) || state.retired.has(name)) return false;
  const queue = state.queues.get(name);
  if (queue !== undefined) return hasQueueFailed(queue, state.processes);
  return tallyOf(state, name).failed > 0;
}
