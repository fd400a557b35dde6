import type { BindingContext } from '../binding/binding-context.js';
import type { RootSection } from '../schema/root-section.js';
import { quote } from '../reading/describe-node.js';
import { allGroups } from './all-groups.js';
import { reportSection } from './report.js';

/** A name means one group, of whatever kind. */
export function checkNames(root: RootSection, context: BindingContext): void {
  const seen = new Map<string, string>();
  for (const { group, kind } of allGroups(root)) {
    const first = seen.get(group.name);
    if (first === undefined) seen.set(group.name, kind);
    else {
      const where = context.keyName(first);
      reportSection(
        context,
        group,
        `found the name ${quote(group.name)} a second time (first in ${where}), expected names to be unique`,
      );
    }
  }
}
