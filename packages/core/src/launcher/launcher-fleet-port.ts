import type { Clock } from '../clock/clock.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { GroupUnknownError } from '../control/control-errors.js';
import type { ForceOptions } from '../control/fleet-control.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import { placeProcesses, withId, type Placement } from '../placement/place-processes.js';
import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { FleetPort } from '../rollout/fleet-port.js';
import type { LauncherEvent } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';
import { blockKey } from './queue-members.js';
import { planResize } from './queue-resize.js';
import { isInitial, isOnDemand } from './queue-state.js';

type AnyGroup = GroupOptions | QueueGroupOptions;

export interface LauncherFleetPortOptions {
  readonly clock: Clock;
  readonly sink: LogSink;
  readonly state: LauncherState;
  readonly groups: readonly AnyGroup[];
  /** The processes of the launcher's own machine are an agent's. */
  readonly localAgent: boolean;
  /** Agents of the groups. */
  readonly targets: readonly AgentTarget[];
  readonly post: (event: LauncherEvent) => void;
  /** Prepares links to agents, which are opened when they get processes. */
  readonly connect: (targets: readonly AgentTarget[]) => Promise<void>;
}

/** How changes of the fleet reach the launcher: what they ask for becomes events of its mailbox. */
export class LauncherFleetPort implements FleetPort {
  readonly clock: Clock;
  /** Also those that are gone: one that comes back has its place. */
  readonly #groups: Map<string, AnyGroup>;
  readonly #targets: Map<string, AgentTarget>;
  #nextId: number;

  constructor(private readonly options: LauncherFleetPortOptions) {
    this.clock = options.clock;
    this.#groups = new Map(options.groups.map((group) => [group.name, group]));
    this.#targets = new Map(options.targets.map((target) => [target.key, target]));
    this.#nextId = options.state.processes.size + 1;
  }

  get records(): ReadonlyMap<number, ProcessRecord> {
    return this.options.state.processes;
  }

  get groups(): readonly AnyGroup[] {
    return [...this.#groups.values()].filter(({ name }) => this.options.state.groups.has(name));
  }

  idsOf(group: string): readonly number[] {
    const { groups, retiring } = this.options.state;
    return [...(groups.get(group)?.ids ?? [])].filter((id) => !retiring.has(id));
  }

  isWanted(id: number): boolean {
    const { queues, processes } = this.options.state;
    const record = processes.get(id);
    if (record === undefined) return false;
    const queue = queues.get(record.spec.config.name);
    return isInitial(queue, id) || queue?.recycling?.includes(id) === true;
  }

  isSuspended(group: string): boolean {
    return this.options.state.suspended.has(group);
  }

  /** @throws LauncherStateError when one of them is there, or the run has begun to stop meanwhile */
  async addGroups(groups: readonly AnyGroup[]): Promise<void> {
    const present = groups.find(({ name }) => this.options.state.groups.has(name));
    if (present !== undefined) throw new LauncherStateError(`Group ${present.name} is there already`);
    const { specs, targets } = this.#place(groups, this.#nextId);
    // Whoever comes meanwhile has the ids after these.
    this.#nextId += specs.length;
    await this.#connect(targets);
    for (const group of groups) this.#groups.set(group.name, group);
    this.options.post({ type: 'add', specs });
  }

  putBack(groups: readonly AnyGroup[]): void {
    const { specs } = this.#place(groups, this.#nextId);
    this.#nextId += specs.length;
    for (const group of groups) this.#groups.set(group.name, group);
    this.options.post({ type: 'put-back', specs });
  }

  updateGroup(group: AnyGroup): void {
    const present = this.#groups.get(group.name);
    if (present !== undefined) this.#groups.set(group.name, { ...present, reload: group.reload });
  }

  /**
   * @throws GroupUnknownError when there is no such queue group
   * @throws LauncherStateError when the run has begun to stop meanwhile
   */
  async resizeQueueGroup(group: QueueGroupOptions): Promise<void> {
    const { name } = group;
    if (!this.options.state.queues.has(name)) {
      throw new GroupUnknownError(name, [...this.options.state.queues.keys()]);
    }
    const { specs, targets } = this.#place([group], this.#nextId);
    await this.#connect(targets);
    const present = this.idsOf(name).map((id) => this.records.get(id)!);
    const consumers = present.filter(({ spec }) => spec.queue?.role === 'consumer');
    const wanted = specs.filter(({ queue }) => queue?.role === 'consumer');
    const { added, retired } = planResize(consumers, wanted, (id) => this.isWanted(id));
    this.#groups.set(name, group);
    if (added.length > 0) this.options.post({ type: 'add', specs: this.#numbered(added, name, specs.length) });
    this.retire(retired);
    this.options.post({ type: 'bounds', specs: firstOfBlocks(wanted) });
  }

  /** @throws LauncherStateError when there is no such process */
  startSuccessor(of: number): number {
    const record = this.records.get(of);
    if (record === undefined) throw new LauncherStateError(`There is no process ${of}`);
    const id = this.#nextId++;
    this.options.post({ type: 'successor', of, spec: withId(record.spec, id) });
    return id;
  }

  retire(ids: readonly number[], { force = false }: ForceOptions = {}): void {
    if (ids.length > 0) this.options.post({ type: 'retire', ids, force });
  }

  recycle(ids: readonly number[], { force = false }: ForceOptions = {}): void {
    if (ids.length > 0) this.options.post({ type: 'recycle', ids, force });
  }

  log(level: LogLevel, message: string, group?: string): void {
    this.options.sink.write(group === undefined ? MASTER_ORIGIN : { group, ...MASTER_ORIGIN }, level, message);
  }

  #place(groups: readonly AnyGroup[], firstId: number): Placement {
    const { localAgent } = this.options;
    return placeProcesses(groups, { localAgent, firstId, knownTargets: [...this.#targets.values()] });
  }

  async #connect(targets: readonly AgentTarget[]): Promise<void> {
    const added = targets.filter(({ key }) => !this.#targets.has(key));
    if (added.length > 0) await this.options.connect(added);
    for (const target of added) this.#targets.set(target.key, target);
    if (this.options.state.phase !== 'running')
      throw new LauncherStateError('Nothing can be added: the launcher stops');
  }

  /** With ids after all others, and the first numbers in the group that nobody has. What is there keeps its `groupCount`. */
  #numbered(specs: readonly ProcessSpec[], name: string, groupCount: number): ProcessSpec[] {
    // What is retired may run still: no number is there twice.
    const taken = new Set(
      [...this.options.state.groups.get(name)!.ids].map((id) => this.records.get(id)!.spec.groupId),
    );
    let groupId = 0;
    return specs.map((spec) => {
      do groupId++;
      while (taken.has(groupId));
      return withId({ ...spec, groupId, groupCount }, this.#nextId++);
    });
  }
}

/** One consumer on demand of each block on each host: their bounds are the same. */
function firstOfBlocks(specs: readonly ProcessSpec[]): ProcessSpec[] {
  const blocks = Map.groupBy(specs.filter(isOnDemand), ({ agent = '', config }) => `${agent} ${blockKey(config)}`);
  return [...blocks.values()].map(([first]) => first!);
}
