import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { Operation } from './operations.js';
import type { Schedule } from './schedule.js';
import { simulate } from './simulation.js';

const MOST_ATTEMPTS = 2000;

/** Takes away one thing after the other, as long as the same rule is still broken: the smallest schedule that breaks it. */
export async function shrink(schedule: Schedule, rule: string): Promise<Schedule> {
  let smallest = schedule;
  let attempts = 0;
  for (let next = smaller(smallest); next.length > 0;) {
    const candidate = next.shift()!;
    if (++attempts > MOST_ATTEMPTS) break;
    const { violation } = await simulate(candidate);
    if (violation?.rule !== rule) continue;
    smallest = candidate;
    next = smaller(smallest);
  }
  return smallest;
}

/** Schedules that have a little less of something. */
function smaller(schedule: Schedule): Schedule[] {
  const { faults, groups, operations } = schedule;
  return [
    ...operations.map((_, index) => ({ ...schedule, operations: operations.toSpliced(index, 1) })),
    ...operations.flatMap((each, index) =>
      simplerOperation(each).map((simple) => ({ ...schedule, operations: operations.with(index, simple) })),
    ),
    ...faults.map((_, index) => ({ ...schedule, faults: faults.toSpliced(index, 1) })),
    ...groups
      .map(({ name }) => ({ ...schedule, groups: without(groups, name), queues: independent(schedule.queues, name) }))
      .filter((each) => each.groups.length > 0),
    ...groups.flatMap((group, index) =>
      simpler(group).map((simple) => ({ ...schedule, groups: groups.with(index, simple) })),
    ),
    ...[{ strangers: 0 }, { trouble: 0 }, { limits: {} }]
      .map((change) => ({ ...schedule, ...change }))
      .filter((each) => JSON.stringify(each) !== JSON.stringify(schedule)),
    ...schedule.queues.flatMap((queue) => [[], ...simplerQueue(queue)].map((queues) => ({ ...schedule, queues }))),
    ...lessRemote(schedule),
    ...(schedule.endMs > 500 ? [{ ...schedule, endMs: Math.floor(schedule.endMs * 0.7) }] : []),
  ];
}

/** A new configuration loses its groups one by one. */
function simplerOperation(operation: Operation): Operation[] {
  if (operation.type !== 'apply') return [];
  const { groups, queues } = operation;
  return [
    ...(queues.length > 0 ? [{ ...operation, queues: [] }] : []),
    ...groups
      .map(({ name }) => ({ ...operation, groups: without(groups, name), queues: independent(queues, name) }))
      .filter((each) => each.groups.length > 0),
    ...groups.flatMap((group, index) =>
      simpler(group).map((simple) => ({ ...operation, groups: groups.with(index, simple) })),
    ),
  ];
}

function lessRemote({ remote, ...local }: Schedule): Schedule[] {
  if (remote === undefined) return [];
  return [local, ...(remote.clockRate === 1 ? [] : [{ ...local, remote: { ...remote, clockRate: 1 } }])];
}

function without(groups: readonly GroupOptions[], name: string): GroupOptions[] {
  const left = groups.filter((group) => group.name !== name);
  return left.map((group) => ({ ...group, dependsOn: group.dependsOn?.filter((other) => other !== name) }));
}

function simplerQueue(queue: QueueGroupOptions): QueueGroupOptions[][] {
  const { local = {} } = queue.consumers;
  const count = local.instancesCount ?? 1;
  return [
    ...(count > 1 ? [{ ...queue, consumers: { local: { instancesCount: count - 1 } } }] : []),
    ...OPTIONAL.filter((name) => queue[name] !== undefined).map((name) => ({ ...queue, [name]: undefined })),
  ].map((each) => [each]);
}

function independent(queues: readonly QueueGroupOptions[], name: string): QueueGroupOptions[] {
  return queues.map((queue) => ({ ...queue, dependsOn: queue.dependsOn?.filter((other) => other !== name) }));
}

const OPTIONAL = ['dependsOn', 'memoryLimit', 'maxAge', 'restartDelay', 'console', 'reload'] as const;

function simpler(group: GroupOptions): GroupOptions[] {
  const count = group.local?.instancesCount ?? 1;
  return [
    ...(count > 1 ? [{ ...group, local: { instancesCount: count - 1 } }] : []),
    ...OPTIONAL.filter((name) => group[name] !== undefined).map((name) => ({ ...group, [name]: undefined })),
    ...(group.restart === 'never' ? [] : [{ ...group, restart: 'never' as const }]),
  ];
}
