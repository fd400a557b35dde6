import type { ReloadOrder } from '../config/group-config.js';
import type { LocalConsumersOptions, QueueGroupOptions } from '../config/queue-group-options.js';
import type { Configuration } from './draw-operations.js';
import type { AnyGroup, Schedule } from './schedule.js';

/** The groups as a master is given them: others than those of the configuration where that is the sabotage. */
export function believed({ sabotage }: Schedule, { groups, queues }: Configuration): readonly AnyGroup[] {
  const all = [...groups, ...queues];
  switch (sabotage) {
    case 'restarts-off':
      return all.map((group) => ({ ...group, maxRestarts: 1_000_000 }));
    case 'dependencies-off':
      return all.map((group) => ({ ...group, dependsOn: [] }));
    case 'maximum-off':
      return [...groups, ...queues.map((queue) => withInstances(queue, { more: 2 }))];
    case 'minimum-off':
      return [...groups, ...queues.map((queue) => withInstances(queue, { minInstances: 0 }))];
    case 'stop-first-off':
      return all.map((group) => inOrder(group, 'start-first'));
    case 'start-first-off':
      return all.map((group) => inOrder(group, 'stop-first'));
    case 'configuration-altered':
      return [
        ...groups.map((group) => ({
          ...group,
          local: { ...group.local, instancesCount: (group.local?.instancesCount ?? 1) + 1 },
        })),
        ...queues,
      ];
    default:
      return all;
  }
}

function inOrder(group: AnyGroup, order: ReloadOrder): AnyGroup {
  return { ...group, reload: { ...group.reload, order } };
}

/** What is not on demand stays as it is. */
function withInstances(queue: QueueGroupOptions, change: { more?: number; minInstances?: number }): QueueGroupOptions {
  const { local, remote } = queue.consumers;
  const changed = <B extends LocalConsumersOptions>(block: B): B => {
    if (block.maxInstances === undefined) return block;
    const { more = 0, minInstances = block.minInstances } = change;
    return { ...block, minInstances, maxInstances: block.maxInstances + more };
  };
  return {
    ...queue,
    consumers: { ...(local && { local: changed(local) }), ...(remote && { remote: remote.map(changed) }) },
  };
}
