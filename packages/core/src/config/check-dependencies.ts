import { didYouMean } from './binding/suggest.js';
import { findCycles, showCycle, type Dependent } from './checks/find-cycles.js';
import { DependencyError } from './dependency-error.js';
import { quote } from './reading/describe-node.js';

/**
 * What a configuration file is checked for with line and column, for groups given in code.
 *
 * @throws DependencyError with all that is wrong
 */
export function checkDependencies(groups: readonly Dependent[]): void {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const problems = [...unknown(byName), ...findCycles(byName).map(({ names }) => circle(names))];
  if (problems.length > 0) throw new DependencyError(problems);
}

function unknown(groups: ReadonlyMap<string, Dependent>): string[] {
  const known = [...groups.keys()];
  return [...groups.values()].flatMap(({ name, dependsOn = [] }) =>
    dependsOn
      .filter((other) => !groups.has(other))
      .map((other) => `Group ${quote(name)} depends on ${quote(other)}, which is no group${didYouMean(other, known)}`),
  );
}

function circle(names: readonly string[]): string {
  return `Groups depend on each other: ${showCycle(names)}`;
}
