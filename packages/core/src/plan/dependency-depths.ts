import type { Dependent } from '../config/checks/find-cycles.js';

/** How long the longest chain of dependencies below each group is: what depends on nothing has 0. There must be no circle. */
export function dependencyDepths(groups: readonly Dependent[]): ReadonlyMap<string, number> {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const below = (byName.get(name)?.dependsOn ?? []).map((other) => depthOf(other) + 1);
    const depth = Math.max(0, ...below);
    depths.set(name, depth);
    return depth;
  };
  for (const { name } of groups) depthOf(name);
  return depths;
}
