import { compareGroups } from './compare-groups.js';
import { dependencyDepths } from './dependency-depths.js';
import type { FleetConfiguration } from './fleet-configuration.js';
import type { FleetPlan, PlanAction, PlanStep } from './fleet-plan.js';
import { processCount, shapeOf, type AnyGroupOptions } from './group-shape.js';
import { masterDifferences } from './master-differences.js';

/**
 * The least that makes a fleet what another configuration says, in the order in which it is done: what goes (dependents
 * first), what starts or is restarted (what others depend on first), then what is scaled or only updated. The order of
 * groups in the file makes no difference: ids are never changed.
 *
 * Pure; the names of groups must be unique and their dependencies without a circle (`checkDependencies`).
 */
export function planChanges(before: FleetConfiguration, after: FleetConfiguration): FleetPlan {
  const old = new Map(before.groups.map((group) => [group.name, group]));
  const names = new Set(after.groups.map(({ name }) => name));
  const gone = before.groups.filter(({ name }) => !names.has(name)).map((group) => stepFor(group, undefined)!);
  const others = after.groups.flatMap((group) => stepFor(old.get(group.name), group) ?? []);
  const depthBefore = dependencyDepths(before.groups);
  const depthAfter = dependencyDepths(after.groups);
  const by = (...actions: readonly PlanAction[]): PlanStep[] => others.filter(({ action }) => actions.includes(action));
  return {
    steps: [
      ...gone.toSorted((a, b) => depthBefore.get(b.group)! - depthBefore.get(a.group)!),
      ...by('start', 'restart').toSorted((a, b) => depthAfter.get(a.group)! - depthAfter.get(b.group)!),
      ...by('scale'),
      ...by('update'),
    ],
    atRestart: masterDifferences(before, after),
  };
}

function stepFor(before: AnyGroupOptions | undefined, after: AnyGroupOptions | undefined): PlanStep | undefined {
  const [old, next] = [before && shapeOf(before), after && shapeOf(after)];
  const processes = { before: old ? processCount(old) : 0, after: next ? processCount(next) : 0 };
  const group = (before ?? after)!.name;
  if (old === undefined) return { action: 'start', group, processes, changes: [] };
  if (next === undefined) return { action: 'stop', group, processes, changes: [] };
  const difference = compareGroups(old, next);
  return difference && { ...difference, group, processes };
}
