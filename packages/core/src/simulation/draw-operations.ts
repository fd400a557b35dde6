import type { GroupOptions, ReloadOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { Dice } from './dice.js';
import type { Operation, OperationKind } from './operations.js';

/** The groups of a fleet. */
export interface Configuration {
  readonly groups: readonly GroupOptions[];
  readonly queues: readonly QueueGroupOptions[];
}

export interface OperationsOptions extends Configuration {
  readonly kind: OperationKind;
  readonly endMs: number;
  /** A host with an agent to which groups may move. */
  readonly host?: string;
  /** Makes another group. */
  readonly drawGroup: (name: string, before: readonly string[]) => GroupOptions;
  readonly drawQueue: (before: readonly string[]) => QueueGroupOptions;
}

type Making = (dice: Dice, at: number, options: OperationsOptions) => Operation;

/** Some of them soon after another: in the middle of what that has begun. */
export function drawOperations(dice: Dice, options: OperationsOptions): Operation[] {
  if (options.kind === 'none') return [];
  const count = dice.pick([1, 2, 3, 4, 6, 8]);
  const operations: Operation[] = [];
  let present: Configuration = options;
  for (const at of drawTimes(dice, count, options.endMs)) {
    const operation = drawKind(dice, options.kind)(dice, at, { ...options, ...present });
    if (operation.type === 'apply') present = operation;
    operations.push(operation);
  }
  return operations;
}

export function drawReload(dice: Dice): ReloadOptions {
  return {
    ...(dice.chance(0.6) && { order: dice.pick(['start-first', 'stop-first'] as const) }),
    ...(dice.chance(0.5) && { batch: dice.between(1, 3) }),
    ...(dice.chance(0.3) && { pause: dice.pick([0.3, 1.5]) }),
  };
}

function drawTimes(dice: Dice, count: number, endMs: number): number[] {
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    const soon = (times.at(-1) ?? 0) + dice.between(0, 400);
    times.push(dice.chance(0.4) ? soon : dice.between(0, endMs));
  }
  return times.toSorted((a, b) => a - b);
}

function drawKind(dice: Dice, kind: OperationKind): Making {
  const named = kind === 'mixed' || kind === 'none' ? Object.values(KINDS).flat() : KINDS[kind];
  // Also something else in between: what is suspended, scaled or reloaded meets each other.
  return dice.chance(0.25) ? dice.pick(Object.values(KINDS).flat()) : dice.pick(named);
}

const suspend: Making = (dice, at, options) => ({
  type: 'suspend',
  at,
  force: dice.chance(0.3),
  ...some(dice, options),
});
const resume: Making = (dice, at, options) => ({ type: 'resume', at, ...some(dice, options) });
const restart: Making = (dice, at, options) => ({
  type: 'restart',
  at,
  group: one(dice, options),
  force: dice.chance(0.3),
});
const scale: Making = (dice, at, options) => ({
  type: 'scale',
  at,
  group: one(dice, options),
  count: dice.between(1, 5),
});
const reload: Making = (dice, at, options) => ({ type: 'reload', at, ...some(dice, options) });
const apply: Making = (dice, at, options) => ({ type: 'apply', at, ...changed(dice, options) });

const KINDS: Readonly<Record<Exclude<OperationKind, 'mixed' | 'none'>, readonly Making[]>> = {
  suspend: [suspend, suspend, resume],
  restart: [restart],
  scale: [scale],
  reload: [reload],
  apply: [apply],
};

function one(dice: Dice, { groups, queues }: Configuration): string {
  return dice.pick([...groups, ...queues]).name;
}

function some(dice: Dice, options: Configuration): { group?: string } {
  return dice.chance(0.7) ? { group: one(dice, options) } : {};
}

type Alteration = (dice: Dice, configuration: Configuration, options: OperationsOptions) => Configuration;

function changed(dice: Dice, options: OperationsOptions): Configuration {
  let { groups, queues }: Configuration = options;
  for (let count = dice.between(1, 3); count > 0; count--) {
    ({ groups, queues } = dice.pick(ALTERATIONS)(dice, { groups, queues }, options));
  }
  return { groups, queues };
}

const ALTERATIONS: readonly Alteration[] = [
  (dice, configuration) => withGroup(dice, configuration, { local: { instancesCount: dice.between(1, 4) } }),
  (dice, configuration) => withGroup(dice, configuration, { timeout: dice.pick([0, 1, 2, 5]) }),
  (dice, configuration) => withGroup(dice, configuration, { params: { version: dice.between(1, 1000) } }),
  (dice, configuration) => withGroup(dice, configuration, { stopTimeout: dice.pick([0, 0.2, 1, 3]) }),
  (dice, configuration) => withGroup(dice, configuration, { restart: dice.pick(['never', 'on-failure', 'always']) }),
  (dice, configuration) => withGroup(dice, configuration, { reload: drawReload(dice) }),
  withoutGroup,
  (dice, { groups, queues }, { drawGroup }) => {
    const name = ['A', 'B', 'C', 'D', 'E'].find((each) => groups.every((group) => group.name !== each));
    if (name === undefined) return { groups, queues };
    const names = groups.map((group) => group.name);
    return { groups: [...groups, drawGroup(name, dice.chance(0.5) ? names : [])], queues };
  },
  (dice, { groups, queues }, { host }) => {
    if (host === undefined) return { groups, queues };
    const remote = [{ hosts: [host], instancesCount: dice.between(1, 2) }];
    return withGroup(dice, { groups, queues }, dice.pick([{ remote }, { remote, local: undefined }, { remote: [] }]));
  },
  (dice, { groups, queues }, { drawQueue }) => {
    if (queues.length === 0) return { groups, queues: [drawQueue(groups.map(({ name }) => name))] };
    return dice.chance(0.5) ? { groups, queues: [] } : { groups, queues: queues.map((queue) => counted(dice, queue)) };
  },
  (dice, { groups, queues }) => ({
    groups,
    queues: queues.map((queue) => ({ ...queue, itemTimeout: dice.pick([0, 0.5, 1]), reload: drawReload(dice) })),
  }),
];

function withGroup(dice: Dice, { groups, queues }: Configuration, change: Partial<GroupOptions>): Configuration {
  const index = dice.between(0, groups.length - 1);
  return { groups: groups.with(index, { ...groups[index]!, ...change }), queues };
}

/** Others still depend on it: then all is refused. */
function withoutGroup(dice: Dice, { groups, queues }: Configuration): Configuration {
  if (groups.length === 1) return { groups, queues };
  const { name } = dice.pick(groups);
  const left = groups.filter((group) => group.name !== name);
  if (dice.chance(0.1)) return { groups: left, queues };
  const independent = <G extends GroupOptions | QueueGroupOptions>(group: G): G =>
    group.dependsOn?.includes(name)
      ? { ...group, dependsOn: group.dependsOn.filter((other) => other !== name) }
      : group;
  return { groups: left.map(independent), queues: queues.map(independent) };
}

/** Another number of consumers in each block. */
function counted(dice: Dice, queue: QueueGroupOptions): QueueGroupOptions {
  const recount = <B extends { instancesCount?: number; minInstances?: number; maxInstances?: number }>(block: B): B =>
    block.maxInstances === undefined
      ? { ...block, instancesCount: dice.between(1, 4) }
      : { ...block, maxInstances: (block.minInstances ?? 0) + dice.between(1, 4) };
  const { local, remote } = queue.consumers;
  return {
    ...queue,
    consumers: { ...(local && { local: recount(local) }), ...(remote && { remote: remote.map(recount) }) },
  };
}
