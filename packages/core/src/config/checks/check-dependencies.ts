import type { BindingContext } from '../binding/binding-context.js';
import { didYouMean } from '../binding/suggest.js';
import { quote } from '../reading/describe-node.js';
import type { RootSection } from '../schema/root-section.js';
import { allGroups, type AnyGroup } from './all-groups.js';
import { findCycles, showCycle, type Cycle } from './find-cycles.js';
import { reportProperty } from './report.js';

/** What `depends_on` names must be there, and nothing may wait for itself. */
export function checkDependencies(root: RootSection, context: BindingContext): void {
  const groups = new Map(allGroups(root).map(({ group }) => [group.name, group]));
  for (const group of groups.values()) checkKnown(group, groups, context);
  for (const cycle of findCycles(groups)) reportCycle(cycle, context);
}

function checkKnown(group: AnyGroup, groups: ReadonlyMap<string, AnyGroup>, context: BindingContext): void {
  for (const [item, name] of (group.dependsOn ?? []).entries()) {
    if (groups.has(name)) continue;
    const known = [...groups.keys()];
    const at = { section: group, property: 'dependsOn', item };
    reportProperty(
      context,
      at,
      `found ${shown(group, item, name, context)}, expected the name of a group${hint(name, known, group, item, context)}`,
    );
  }
}

function hint(name: string, known: readonly string[], group: AnyGroup, item: number, context: BindingContext): string {
  return isSubstituted(group, item, context) ? '' : didYouMean(name, known);
}

function shown(group: AnyGroup, item: number, name: string, context: BindingContext): string {
  const node = itemNode(group, item, context);
  return node && isSubstituted(group, item, context) ? `${quote(node.source)} from the environment` : quote(name);
}

function isSubstituted(group: AnyGroup, item: number, context: BindingContext): boolean {
  return itemNode(group, item, context)?.substituted === true;
}

function itemNode(group: AnyGroup, item: number, context: BindingContext) {
  const list = context.origins.property(group, 'dependsOn')?.entry.value;
  const node = list?.kind === 'list' ? list.items[item] : undefined;
  return node?.kind === 'scalar' ? node : undefined;
}

function reportCycle({ group, item, names }: Cycle<AnyGroup>, context: BindingContext): void {
  const message = `found a cycle: ${showCycle(names)}, expected none`;
  reportProperty(context, { section: group, property: 'dependsOn', item }, message);
}
