import { quote } from '../reading/describe-node.js';

/** What has a name and may depend on others of its kind. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn?: readonly string[];
}

export interface Cycle<G extends Dependent> {
  readonly group: G;
  /** The item of `depends_on` that closes it. */
  readonly item: number;
  /** The groups along it; the first one again at its end. */
  readonly names: readonly string[];
}

/** Depth first; each cycle is found once, where it closes. */
export function findCycles<G extends Dependent>(groups: ReadonlyMap<string, G>): Cycle<G>[] {
  const cycles: Cycle<G>[] = [];
  const done = new Set<string>();
  const visit = (group: G, trail: readonly string[]): void => {
    const here = [...trail, group.name];
    for (const [item, name] of (group.dependsOn ?? []).entries()) {
      const start = here.indexOf(name);
      const next = groups.get(name);
      if (start >= 0) cycles.push({ group, item, names: [...here.slice(start), name] });
      else if (next && !done.has(name)) visit(next, here);
    }
    done.add(group.name);
  };
  for (const group of groups.values()) if (!done.has(group.name)) visit(group, []);
  return cycles;
}

export function showCycle(names: readonly string[]): string {
  return names.map((name) => quote(name)).join(' -> ');
}
