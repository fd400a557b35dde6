import { allGroups } from '../checks/all-groups.js';
import { checkAgents } from '../checks/check-agents.js';
import { checkDependencies } from '../checks/check-dependencies.js';
import { checkFeeders } from '../checks/check-feeders.js';
import { checkNames } from '../checks/check-names.js';
import { checkSize } from '../checks/check-size.js';
import { reportSection } from '../checks/report.js';
import type { ConfigNode } from '../reading/config-node.js';
import { RootSection } from '../schema/root-section.js';
import { INVALID } from '../types/value-type.js';
import type { BindingContext } from './binding-context.js';
import { bindSection } from './bind-section.js';
import { Place } from './place.js';

/** Reads the root of a configuration and checks it as a whole. `undefined` when it is no mapping. */
export function bindConfig(node: ConfigNode, place: Place): RootSection | undefined {
  const root = bindSection(RootSection, node, place);
  if (root === INVALID) return undefined;
  checkWhole(root, place.context);
  return root;
}

function checkWhole(root: RootSection, context: BindingContext): void {
  if (allGroups(root).length === 0 && context.problems.isEmpty) {
    reportSection(context, root, 'found no group, expected at least one');
  }
  checkNames(root, context);
  checkDependencies(root, context);
  checkSize(root, context);
  checkAgents(root, context);
  checkFeeders(root, context);
}
