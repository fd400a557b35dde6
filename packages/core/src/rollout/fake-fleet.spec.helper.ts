import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { LogLevel } from '../logger/logger.js';
import { placeProcesses } from '../placement/place-processes.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { createRecord, isLive, isOver, type ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { ManualClock } from '../testing/manual-clock.js';
import type { FleetPort } from './fleet-port.js';

/** A fleet whose processes do what a test says. All run at first, as incarnation 1. */
export class FakeFleet implements FleetPort {
  readonly clock = new ManualClock();
  readonly records = new Map<number, ProcessRecord>();
  groups: AnyGroupOptions[];
  readonly logged: string[] = [];
  /** What was asked for: `recycle 1,2`. */
  readonly asked: string[] = [];
  /** Called after each change, as a launcher does. */
  settled: () => void = () => {};
  /** It carries out what it is asked for later, as within a listener of its events. */
  isBusy = false;
  /** Why groups cannot be added. */
  refusal: string | undefined;
  readonly #suspended = new Set<string>();
  readonly #retired = new Set<number>();
  readonly #recycled = new Set<number>();
  readonly #unused = new Set<number>();
  readonly #returning = new Map<string, AnyGroupOptions>();
  #lastId = 0;
  #postponed: (() => void)[] = [];

  constructor(groups: readonly AnyGroupOptions[]) {
    this.groups = [...groups];
    for (const id of this.#place(groups)) this.#set(id, { state: 'running', incarnation: 1, wasReady: true });
  }

  /** `1 running 2`: id, state and incarnation of each. */
  get shown(): string[] {
    return [...this.records.values()].map(({ spec, state, incarnation }) => `${spec.id} ${state} ${incarnation}`);
  }

  get retired(): ReadonlySet<number> {
    return this.#retired;
  }

  idsOf(group: string): number[] {
    const specs = [...this.records.values()].map(({ spec }) => spec);
    return specs.filter(({ id, config }) => config.name === group && !this.#retired.has(id)).map(({ id }) => id);
  }

  isWanted(id: number): boolean {
    return !this.#unused.has(id);
  }

  isSuspended(group: string): boolean {
    return this.#suspended.has(group);
  }

  async addGroups(groups: readonly AnyGroupOptions[]): Promise<void> {
    this.asked.push(`add ${groups.map(({ name }) => name).join(',')}`);
    await Promise.resolve();
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.groups.push(...groups);
    for (const id of this.#place(groups)) this.#set(id, { state: 'starting', incarnation: 1 });
    this.settled();
  }

  putBack(groups: readonly AnyGroupOptions[]): void {
    this.asked.push(`put back ${groups.map(({ name }) => name).join(',')}`);
    for (const group of groups) this.#returning.set(group.name, group);
  }

  async resizeQueueGroup(group: QueueGroupOptions): Promise<void> {
    this.asked.push(`resize ${group.name}`);
    await Promise.resolve();
    this.updateGroup(group);
    const count = placeProcesses([group]).specs.length;
    const ids = this.idsOf(group.name);
    this.retire(ids.slice(count));
    for (let missing = count - ids.length; missing > 0; missing--) this.startSuccessor(ids.at(-1)!);
    this.settled();
  }

  updateGroup(group: GroupOptions | QueueGroupOptions): void {
    this.groups = this.groups.map((each) => (each.name === group.name ? group : each));
  }

  startSuccessor(of: number): number {
    const id = ++this.#lastId;
    const { spec } = this.records.get(of)!;
    this.#later(() => {
      this.#create({ ...spec, id });
      this.#set(id, { state: 'starting', incarnation: 1 });
      this.settled();
    });
    return id;
  }

  retire(ids: readonly number[], { force = false }: { force?: boolean } = {}): void {
    this.asked.push(`retire ${ids.join(',')}${force ? ' force' : ''}`);
    for (const id of ids.filter((each) => this.records.has(each))) {
      this.#retired.add(id);
      this.#returning.delete(this.records.get(id)!.spec.config.name);
      if (isLive(this.records.get(id)!)) this.#set(id, { state: 'stopping', unwanted: true });
      else this.#forget(id);
    }
    this.settled();
  }

  recycle(ids: readonly number[], { force = false }: { force?: boolean } = {}): void {
    this.asked.push(`recycle ${ids.join(',')}${force ? ' force' : ''}`);
    for (const id of ids) {
      this.#recycled.add(id);
      if (isLive(this.records.get(id)!)) this.#set(id, { state: 'stopping' });
      else if (this.records.get(id)!.state !== 'unreachable') this.#startAgain(id);
    }
    this.settled();
  }

  log(level: LogLevel, message: string, group?: string): void {
    this.logged.push(group === undefined ? `${level} ${message}` : `${level} [${group}] ${message}`);
  }

  /** It becomes ready. */
  ready(...ids: readonly number[]): void {
    for (const id of ids.filter((each) => this.records.get(each)?.state === 'starting')) {
      this.#set(id, { state: 'running', wasReady: true });
      this.settled();
    }
  }

  /** It ends: what was asked to stop for that, anything else by itself. */
  exit(id: number, by: 'backoff' | 'failed' | 'stopped' = 'backoff'): void {
    const record = this.records.get(id);
    if (record === undefined || !isLive(record)) return;
    if (this.#retired.has(id)) this.#forget(id);
    else if (this.isSuspended(record.spec.config.name)) this.#set(id, { state: 'suspended' });
    else if (this.#recycled.has(id)) this.#startAgain(id);
    else this.#set(id, { state: by });
    this.settled();
  }

  /** Its backoff is over. */
  due(id: number): void {
    if (this.records.get(id)?.state === 'backoff') this.#startAgain(id);
    this.settled();
  }

  cut(...ids: readonly number[]): void {
    for (const id of ids) this.#set(id, { state: 'unreachable' });
    this.settled();
  }

  /** Its agent holds it back, since its lease is in doubt, or lets it go on. */
  hold(id: number, isHeld = true): void {
    this.#set(id, { state: isHeld ? 'suspended' : 'running' });
    this.settled();
  }

  /** It becomes a slot of consumers on demand that is not used. */
  letGo(id: number): void {
    this.#unused.add(id);
    this.#set(id, { state: 'stopped', unwanted: true });
    this.settled();
  }

  suspend(group: string): void {
    this.#suspended.add(group);
    for (const id of this.idsOf(group)) {
      this.#recycled.delete(id);
      const record = this.records.get(id)!;
      if (!isOver(record)) this.#set(id, { state: isLive(record) ? 'stopping' : 'suspended', suspended: true });
    }
    this.settled();
  }

  /** Carries out what it was asked for while it was busy. */
  goOn(): void {
    this.isBusy = false;
    for (const action of this.#postponed.splice(0)) action();
  }

  #later(action: () => void): void {
    if (this.isBusy) this.#postponed.push(action);
    else action();
  }

  #place(groups: readonly AnyGroupOptions[]): number[] {
    const { specs } = placeProcesses(groups);
    const first = this.#lastId;
    const placed = specs.map((spec) => ({ ...spec, id: spec.id + first }));
    for (const spec of placed) this.#create(spec);
    this.#lastId = first + placed.length;
    return placed.map(({ id }) => id);
  }

  #create(spec: ProcessSpec): void {
    const display = `${spec.config.command}/${spec.id}/${spec.groupId}`;
    this.records.set(spec.id, createRecord({ ...spec, origin: { ...spec.origin, display } }));
  }

  #set(id: number, changes: Partial<ProcessRecord>): void {
    this.records.set(id, { ...this.records.get(id)!, ...changes });
  }

  #startAgain(id: number): void {
    this.#recycled.delete(id);
    const { incarnation } = this.records.get(id)!;
    this.#set(id, { state: 'starting', incarnation: incarnation + 1, unwanted: false });
  }

  #forget(id: number): void {
    const { name } = this.records.get(id)!.spec.config;
    this.records.delete(id);
    this.#retired.delete(id);
    if ([...this.records.values()].some(({ spec }) => spec.config.name === name)) return;
    this.groups = this.groups.filter((group) => group.name !== name);
    const back = this.#returning.get(name);
    if (back === undefined) return;
    this.#returning.delete(name);
    this.groups.push(back);
    for (const each of this.#place([back])) this.#set(each, { state: 'starting', incarnation: 1 });
  }
}
