import type { GroupOptions } from '../config/group-config.js';
import type { LocalConsumersOptions, QueueGroupOptions } from '../config/queue-group-options.js';
import type { LauncherLimitOptions } from '../launcher/launcher-options.js';
import { Dice } from './dice.js';
import { drawOperations, drawReload, type OperationsOptions } from './draw-operations.js';
import { drawFaults, drawRemoteFaults, type Fault } from './faults.js';
import type { Operation, OperationKind } from './operations.js';

/** All that a simulated run is made of; the same schedule runs the same way each time. */
export interface Schedule {
  /** Of the behaviour of programs and the delays of the operating system. */
  readonly seed: number;
  readonly groups: readonly GroupOptions[];
  readonly queues: readonly QueueGroupOptions[];
  readonly limits: LauncherLimitOptions;
  /** How likely a program behaves badly, from 0 to 1. */
  readonly trouble: number;
  readonly faults: readonly Fault[];
  /** What its operator asks for. */
  readonly operations: readonly Operation[];
  /** Unrelated processes that come and go, and use up pids. */
  readonly strangers: number;
  /** When what still runs is asked to stop, in milliseconds. */
  readonly endMs: number;
  /** Everything runs on another machine, under an agent. */
  readonly remote?: RemoteSchedule;
  readonly sabotage?: Sabotage;
}

export type AnyGroup = GroupOptions | QueueGroupOptions;

/** Plain groups, then queue groups: in the order of their ids. */
export function allGroups({ groups, queues }: Schedule): readonly AnyGroup[] {
  return [...groups, ...queues];
}

/** Also those that it may come to have. */
export function groupsEver(schedule: Schedule): readonly AnyGroup[] {
  const later = schedule.operations.flatMap((each) => (each.type === 'apply' ? [...each.groups, ...each.queues] : []));
  return [...allGroups(schedule), ...later];
}

/** How many consumers a queue group has at least. */
export function leastConsumers(group: QueueGroupOptions): number {
  return blocksOf(group).reduce((sum, block) => sum + leastOf(block), 0);
}

/** On demand: how many it has at most; undefined: not on demand. */
export function mostConsumers(group: QueueGroupOptions): number | undefined {
  const bounds = blocksOf(group).map(({ maxInstances }) => maxInstances);
  return bounds[0] === undefined ? undefined : bounds.reduce<number>((sum, most) => sum + (most ?? 0), 0);
}

function leastOf({ instancesCount = 1, minInstances = 0, maxInstances }: LocalConsumersOptions): number {
  return maxInstances === undefined ? instancesCount : minInstances;
}

function blocksOf({ consumers: { local, remote = [] } }: QueueGroupOptions): LocalConsumersOptions[] {
  return local === undefined ? remote : [local, ...remote];
}

export interface RemoteSchedule {
  /** Seconds. */
  readonly lease: number;
  /** How fast the clock there runs, compared with the master's. */
  readonly clockRate: number;
  /** Only parts of queue groups run there, on the host `afar`; all else is beside the master. Default: everything runs there. */
  readonly mixed?: boolean;
}

/** The host of a mixed schedule. */
export const AFAR = 'afar';

/**
 * What is taken away to see whether the judge notices:
 *
 * - `journal-off`: started processes are not registered
 * - `watchdog-off`: the watchdog does nothing when its launcher dies
 * - `closed-flag-off`: the started process does not look whether the run was closed
 * - `start-times-off`: whoever cleans up goes by the pid alone
 * - `lock-off`: a second launcher of the fleet starts beside the first
 * - `time-outs-off`, `restarts-off`: a process is never given up after time-outs, after restarts
 * - `dependencies-off`: the launcher does not know of `depends_on`
 * - `wake-ups-lost`, `exits-lost`, `lines-lost`: one of a hundred of the launcher's timers never rings, of its exits is
 *   never reported, of its blocks of lines never arrives
 * - `agent-fence-off`: at the end of the lease neither an agent nor its watchdog nor its slaves end what runs
 * - `master-fence-off`: a master believes that leases are shorter than they are
 * - `watchdog-lease-off`: the watchdog of a frozen agent does not mind
 * - `records-lost`: some records of an agent are lost on a link that stays
 * - `notices-dropped`: some notices to an agent are lost on a link that stays
 * - `stop-order-off`: a feeder is asked to stop with its consumers
 * - `adoption-pretended`: feeders say that they adopt what consumers hold
 * - `drains-early`: consumers say that they have finished though they have not
 * - `notices-lost`: one of a hundred notices to feeders and consumers is never sent
 * - `kill-requests-lost`: what feeders want killed is not
 * - `leaving-forged`: another consumer leaves than its feeder has chosen
 * - `maximum-off`, `minimum-off`: the launcher believes in other numbers of consumers
 * - `suspensions-lost`: the launcher is not told of some suspensions
 * - `resumed-unasked`: what is suspended is resumed a little later, and nobody has asked for it
 * - `stop-first-off`, `start-first-off`: the launcher believes that all groups are reloaded in the other order
 * - `reload-pretended`: some reloads say that they have replaced all, and have replaced nothing
 * - `configuration-altered`: the launcher is given another number of processes than the configuration has
 * - `changes-unsettled`: the end of some changes is never told
 * - `amendments-lost`: agents are not told what there is to run any more
 * - `retirements-lost`: agents go on with what there is not to run any more
 */
export const SABOTAGES = [
  'journal-off',
  'watchdog-off',
  'closed-flag-off',
  'start-times-off',
  'lock-off',
  'time-outs-off',
  'restarts-off',
  'dependencies-off',
  'wake-ups-lost',
  'exits-lost',
  'lines-lost',
  'agent-fence-off',
  'master-fence-off',
  'watchdog-lease-off',
  'records-lost',
  'notices-dropped',
  'stop-order-off',
  'adoption-pretended',
  'drains-early',
  'notices-lost',
  'kill-requests-lost',
  'leaving-forged',
  'maximum-off',
  'minimum-off',
  'suspensions-lost',
  'resumed-unasked',
  'stop-first-off',
  'start-first-off',
  'reload-pretended',
  'configuration-altered',
  'changes-unsettled',
  'amendments-lost',
  'retirements-lost',
] as const;
export type Sabotage = (typeof SABOTAGES)[number];

const NAMES = ['A', 'B', 'C'] as const;

const REMOTE_SHARE = 0.4;
const QUEUE_SHARE = 0.6;
const MIXED_SHARE = 0.6;
const OPERATED_SHARE = 0.5;

/** What a schedule is to have. */
export interface Wishes {
  readonly sabotage?: Sabotage;
  /** Default: half of the schedules have none, the others mixed ones. */
  readonly operations?: OperationKind;
}

export function drawSchedule(seed: number, { sabotage, operations }: Wishes = {}): Schedule {
  const schedule = drawFleet(seed, sabotage);
  const dice = new Dice(seed, 8);
  const kind = operations ?? (dice.chance(OPERATED_SHARE) ? 'mixed' : 'none');
  return kind === 'none' ? schedule : withOperations(schedule, kind, dice);
}

function withOperations(schedule: Schedule, kind: OperationKind, dice: Dice): Schedule {
  const mixed = schedule.remote?.mixed === true;
  const drawAnyQueue = (before: readonly string[]): QueueGroupOptions => {
    const queue = drawQueue(dice, before);
    return mixed && dice.chance(0.5) ? spread(queue, dice) : queue;
  };
  const reloading = <G extends AnyGroup>(group: G): G => ({ ...group, reload: drawReload(dice) });
  const [groups, queues] = [schedule.groups.map(reloading), schedule.queues.map(reloading)];
  const options: OperationsOptions = {
    kind,
    endMs: schedule.endMs,
    groups,
    queues,
    ...(mixed && { host: AFAR }),
    drawGroup: (name, before) => reloading(drawGroup(dice, name, before)),
    drawQueue: (before) => reloading(drawAnyQueue(before)),
  };
  return { ...schedule, groups, queues, operations: drawOperations(dice, options) };
}

function drawFleet(seed: number, sabotage?: Sabotage): Schedule {
  const local = drawLocal(seed, sabotage);
  const dice = new Dice(seed, 3);
  const queues = drawQueues(new Dice(seed, 5), local.groups);
  if (!dice.chance(REMOTE_SHARE)) return { ...local, queues };
  const remote = { lease: dice.pick([2, 4, 8]), clockRate: dice.pick([1, 1, 0.85, 1.15]) };
  const faults = [...local.faults, ...drawRemoteFaults(dice, local.endMs)];
  const layout = new Dice(seed, 7);
  if (!layout.chance(MIXED_SHARE)) return { ...local, queues, remote, faults };
  const spreadQueues = queues.map((queue) => spread(queue, layout));
  return { ...local, queues: spreadQueues, remote: { ...remote, mixed: true }, faults };
}

function drawLocal(seed: number, sabotage?: Sabotage): Schedule {
  const dice = new Dice(seed);
  const groups = drawGroups(dice);
  const endMs = dice.between(2000, 30_000);
  return {
    seed,
    groups,
    queues: [],
    limits: drawLimits(dice),
    trouble: dice.pick([0, 0.1, 0.3, 0.6, 1]),
    faults: drawFaults(dice, endMs),
    operations: [],
    strangers: dice.chance(0.3) ? 3 : 0,
    endMs,
    sabotage,
  };
}

function drawLimits(dice: Dice): LauncherLimitOptions {
  return {
    timeout: dice.pick([0, 5, 20, 300]),
    maxRunningTime: dice.pick([0, 0, 0, 3, 10]),
    maxProcessTimeout: dice.pick([3, 3, 1, 2, 0]),
  };
}

function drawGroups(dice: Dice): GroupOptions[] {
  const names = NAMES.slice(0, dice.between(1, 3));
  return names.map((name, index) => drawGroup(dice, name, names.slice(0, index)));
}

function drawGroup(dice: Dice, name: string, before: readonly string[]): GroupOptions {
  const isProgram = dice.chance(0.3);
  return {
    name,
    command: 'work',
    ...(isProgram && { console: false as const }),
    timeout: isProgram ? dice.pick([0, 0, 2]) : dice.pick([0, 1, 2, 5]),
    startTimeout: dice.pick([0, 0.5, 2, 5]),
    stopTimeout: dice.pick([0, 0.2, 1, 3]),
    restart: dice.pick(['never', 'on-failure', 'always']),
    ...(dice.chance(0.2) && { restartDelay: dice.pick([0, 0.5]) }),
    maxRestarts: dice.pick([0, 1, 2, 5]),
    restartWindow: dice.pick([1, 5, 60]),
    ...(dice.chance(0.2) && { memoryLimit: 100 }),
    ...(dice.chance(0.2) && { maxAge: dice.pick([1, 4]) }),
    ...(before.length > 0 && dice.chance(0.4) && { dependsOn: drawDependencies(dice, before) }),
    local: { instancesCount: dice.pick([1, 1, 2, 3]) },
  };
}

function drawDependencies(dice: Dice, before: readonly string[]): string[] {
  return [...new Set([dice.pick(before), dice.pick(before)])];
}

/** Its programs all have a channel. */
function drawQueues(dice: Dice, groups: readonly GroupOptions[]): QueueGroupOptions[] {
  if (!dice.chance(QUEUE_SHARE)) return [];
  const before = groups.map(({ name }) => name);
  return [drawQueue(dice, before)];
}

function drawQueue(dice: Dice, before: readonly string[]): QueueGroupOptions {
  const { local: _, console: __, ...group } = drawGroup(dice, 'Q', before);
  return {
    ...group,
    timeout: dice.pick([0, 1, 2, 5]),
    itemTimeout: dice.pick([0, 0.5, 1]),
    abortGrace: dice.pick([0, 0.3, 1]),
    targetLatency: dice.pick([0.1, 0.2, 1, 3]),
    params: { adopts: dice.chance(0.4) },
    consumers: { local: dice.chance(0.4) ? { instancesCount: dice.between(1, 3) } : drawOnDemand(dice) },
  };
}

function drawOnDemand(dice: Dice): QueueGroupOptions['consumers']['local'] {
  const minInstances = dice.pick([0, 0, 1, 2]);
  return { minInstances, maxInstances: minInstances + dice.between(1, 3), maxIdleTime: dice.pick([0, 0.3, 0.5, 2]) };
}

/** A part of the group runs on the other host. */
function spread(group: QueueGroupOptions, dice: Dice): QueueGroupOptions {
  const { local = {} } = group.consumers;
  const remote = [{ ...local, hosts: [AFAR], host: 'master', port: 9999 }];
  const feeder = dice.chance(0.5) ? { remoteFeeder: { hosts: [AFAR], port: 9999 } } : {};
  const consumers = dice.pick([{ remote }, { local, remote }, { local, remote }, { local }]);
  return { ...group, ...feeder, consumers };
}
