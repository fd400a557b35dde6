import type { BindingContext } from '../binding/binding-context.js';
import { DEFAULTS } from '../defaults.js';
import type { ConsumersSection } from '../schema/consumers-section.js';
import type { GroupSection } from '../schema/group-section.js';
import type { RootSection } from '../schema/root-section.js';
import { allGroups, type AnyGroup } from './all-groups.js';
import { reportSection } from './report.js';

/** Each takes memory in the master before it runs: more of them are a mistake. */
const MAX_PROCESSES = 100_000;

/** As many processes as there may be, over all groups and hosts. */
export function checkSize(root: RootSection, context: BindingContext): void {
  let total = 0;
  for (const { group } of allGroups(root)) {
    const before = total;
    total += processesOf(group);
    if (total <= MAX_PROCESSES || before > MAX_PROCESSES) continue;
    const message = `found ${total} processes up to here, over all hosts, expected at most ${MAX_PROCESSES}`;
    reportSection(context, group, message);
  }
}

type Blocks = Pick<GroupSection, 'local' | 'remote'> & { consumers?: ConsumersSection };
type Block = NonNullable<ConsumersSection['local']> & { hosts?: string[] };

function processesOf({ local, remote, consumers }: Blocks & Pick<AnyGroup, 'name'>): number {
  const blocks: Block[] = [local, consumers?.local, ...(remote ?? []), ...(consumers?.remote ?? [])].filter(
    (block) => block !== undefined,
  );
  return blocks.reduce((count, block) => count + instances(block) * (block.hosts?.length ?? 1), 0);
}

function instances({ instancesCount, minInstances, maxInstances }: Block): number {
  const isOnDemand = minInstances !== undefined || maxInstances !== undefined;
  return isOnDemand ? (maxInstances ?? DEFAULTS.maxInstances) : (instancesCount ?? DEFAULTS.instancesCount);
}
