import type { ManagedProcess } from '../process/managed-process.js';
import { scaleGroup } from '../rollout/scale-group.js';
import { isChange, type Change, type Operation } from './operations.js';
import { allGroups, groupsEver, type AnyGroup, type Schedule } from './schedule.js';

/** What became of a change, by the launcher's word. */
export interface Outcome {
  /** Undefined when it failed with an error. */
  readonly result: { readonly completed?: boolean; readonly left?: number; readonly rolledBack?: boolean } | undefined;
  /** Of the error. */
  readonly code?: string;
}

export interface Suspension {
  readonly at: number;
  /** When it was asked for by force. */
  forcedAt: number;
}

/** A change that is under way. */
export interface ChangeUnderWay {
  readonly operation: Operation & Change;
  readonly begunAt: number;
  /** Groups before it. */
  readonly before: readonly AnyGroup[] | undefined;
}

/** The truth about what an operator has made of a run's fleet. */
export class SimFleet {
  /** As they should be; undefined: a change has failed half way, and nobody knows. */
  groups: readonly AnyGroup[] | undefined;
  /** All that it may have had. */
  readonly ever: readonly AnyGroup[];
  readonly suspended = new Map<string, Suspension>();
  /** When each group was last suspended. */
  readonly suspendedAt = new Map<string, number>();
  change: ChangeUnderWay | undefined;
  /** When the last change was over. */
  changedAt = -Infinity;
  /** When something was asked for, or a change has ended. */
  touchedAt = -Infinity;
  /** Whether a change may only be under way when `change` says so. */
  isTracked = true;
  /** What its launcher shows. */
  view: () => readonly ManagedProcess[] = () => [];
  /** Groups that were scaled, as they were configured. */
  readonly #configured = new Map<string, AnyGroup>();
  #undo = (): void => {};

  constructor(schedule: Schedule) {
    this.groups = allGroups(schedule);
    this.ever = groupsEver(schedule);
  }

  /** Since when nothing has been asked for that may still have its effects; Infinity: something is under way. */
  get quietSince(): number {
    return this.change === undefined ? this.touchedAt : Infinity;
  }

  /** Whether the launcher shows it. */
  has(id: number): boolean {
    return this.view().some((each) => each.id === id);
  }

  find(name: string): AnyGroup | undefined {
    return this.groups?.find((group) => group.name === name);
  }

  /** Any of this name, to know what might be. */
  mayBe(name: string): readonly AnyGroup[] {
    return this.ever.filter((group) => group.name === name);
  }

  operated(operation: Operation, now: number): void {
    this.#keep();
    this.touchedAt = now;
    if (operation.type === 'suspend') this.#suspend(operation, now);
    if (operation.type === 'resume') this.#resume(operation);
    if (operation.type === 'restart') this.suspended.delete(operation.group);
    if (!isChange(operation)) return;
    this.change = { operation, begunAt: now, before: this.groups };
    if (operation.type === 'scale' || operation.type === 'apply') this.groups = undefined;
  }

  /** What was asked for last was refused at once. */
  refused(): void {
    this.#undo();
  }

  changed(outcome: Outcome, now: number): void {
    const change = this.change!;
    this.change = undefined;
    this.touchedAt = now;
    this.changedAt = now;
    this.groups = this.#after(change, outcome);
    const present = new Set(this.view().map(({ group }) => group));
    for (const name of this.suspended.keys()) if (!present.has(name)) this.suspended.delete(name);
  }

  /** A change was let in after all: whatever it was, nobody has kept count of it. */
  lostTrack(now: number): void {
    this.groups = undefined;
    this.touchedAt = now;
    this.isTracked = false;
  }

  #keep(): void {
    const { groups, change, touchedAt } = this;
    const suspended = new Map(this.suspended);
    this.#undo = () => {
      Object.assign(this, { groups, change, touchedAt });
      this.suspended.clear();
      for (const [name, each] of suspended) this.suspended.set(name, each);
    };
  }

  #suspend(operation: Extract<Operation, { type: 'suspend' }>, now: number): void {
    for (const name of this.#named(operation)) {
      const suspension = this.suspended.get(name) ?? { at: now, forcedAt: Infinity };
      if (operation.force) suspension.forcedAt = Math.min(suspension.forcedAt, now);
      this.suspended.set(name, suspension);
      this.suspendedAt.set(name, now);
    }
  }

  /** Also groups that are being replaced, and are not there for now. */
  #resume({ group }: { readonly group?: string }): void {
    if (group === undefined) this.suspended.clear();
    else this.suspended.delete(group);
  }

  #named({ group }: { readonly group?: string }): readonly string[] {
    return group === undefined ? [...new Set(this.view().map((each) => each.group))] : [group];
  }

  #after({ operation, before }: ChangeUnderWay, { result, code }: Outcome): readonly AnyGroup[] | undefined {
    const isRefused = code !== undefined && code !== 'CHANGE_FAILED';
    if (isRefused || operation.type === 'restart' || operation.type === 'reload') return before;
    if (operation.type === 'scale') return result === undefined ? undefined : this.#scaled(before, operation);
    if (result?.completed === true) {
      this.#configured.clear();
      return [...operation.groups, ...operation.queues];
    }
    return result?.rolledBack === true ? before : undefined;
  }

  #scaled(before: readonly AnyGroup[] | undefined, { group: name, count }: Change & { type: 'scale' }) {
    return before?.map((group) => {
      if (group.name !== name) return group;
      const configured = this.#configured.get(name) ?? group;
      this.#configured.set(name, configured);
      return { ...scaleGroup(configured, count), reload: group.reload };
    });
  }
}
