import { dependencyDepths } from '../plan/dependency-depths.js';
import type { FleetPlan } from '../plan/fleet-plan.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';

/** What is done at one time. The next one begins when it has come to its end. */
export type Task =
  | { readonly type: 'retire'; readonly groups: readonly AnyGroupOptions[] }
  | { readonly type: 'add'; readonly groups: readonly AnyGroupOptions[] }
  | { readonly type: 'resize' | 'update'; readonly before: AnyGroupOptions; readonly group: AnyGroupOptions }
  | { readonly type: 'recycle'; readonly groups: readonly AnyGroupOptions[]; readonly force: boolean };

/**
 * A plan as tasks. All that is to stop does so before anything starts, since a new group may need what an old one has (a
 * port, a host); what depends on others goes first and comes last.
 */
export function tasksOf(
  { steps }: FleetPlan,
  before: readonly AnyGroupOptions[],
  after: readonly AnyGroupOptions[],
): Task[] {
  const [old, next] = [byName(before), byName(after)];
  const named = (...actions: readonly string[]): string[] =>
    steps.filter(({ action }) => actions.includes(action)).map(({ group }) => group);
  const retired = levels(named('stop', 'restart'), old, before).toReversed();
  const added = levels(named('start', 'restart'), next, after);
  const change = (type: 'resize' | 'update', name: string): Task => ({
    type,
    before: old.get(name)!,
    group: next.get(name)!,
  });
  return [
    ...retired.map((groups): Task => ({ type: 'retire', groups })),
    ...added.map((groups): Task => ({ type: 'add', groups })),
    ...named('scale').map((name) => change('resize', name)),
    ...named('scale', 'update').map((name) => change('update', name)),
  ];
}

/** What makes a task, done or begun, undone. */
export function undoOf(task: Task): Task {
  switch (task.type) {
    case 'retire':
      return { type: 'add', groups: task.groups };
    case 'add':
      return { type: 'retire', groups: task.groups };
    case 'recycle':
      return task;
    default:
      return { ...task, before: task.group, group: task.before };
  }
}

function byName(groups: readonly AnyGroupOptions[]): ReadonlyMap<string, AnyGroupOptions> {
  return new Map(groups.map((group) => [group.name, group]));
}

/** Groups that may be done at the same time, those first on which others depend. */
function levels(
  names: readonly string[],
  groups: ReadonlyMap<string, AnyGroupOptions>,
  all: readonly AnyGroupOptions[],
): AnyGroupOptions[][] {
  const depths = dependencyDepths(all);
  const byDepth = new Map<number, AnyGroupOptions[]>();
  for (const name of names) {
    const depth = depths.get(name)!;
    byDepth.set(depth, [...(byDepth.get(depth) ?? []), groups.get(name)!]);
  }
  return [...byDepth].toSorted(([a], [b]) => a - b).map(([, level]) => level);
}
