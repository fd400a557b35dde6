import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { ProcessEvent } from '../process/process-decision.js';
import type { ProcessState } from '../process/process-state.js';
import { listProcesses } from '../testing/process-specs.js';
import type { LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import {
  createState,
  nextDeadline,
  type LauncherLimits,
  type LauncherState,
  type StateOptions,
} from './launcher-state.js';

const NO_LIMITS: LauncherLimits = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 8 };

type AnyGroup = GroupOptions | QueueGroupOptions;

/** A launcher's decisions, with a clock that is turned by hand. */
export class PlainFleet {
  readonly state: LauncherState;
  now = 0;

  constructor(groups: readonly AnyGroup[], limits: Partial<LauncherLimits> = {}, options: StateOptions = {}) {
    this.state = createState(listProcesses(groups), { ...NO_LIMITS, ...limits }, options);
  }

  /** All are ready. */
  static running(groups: readonly AnyGroup[], limits: Partial<LauncherLimits> = {}, options: StateOptions = {}) {
    const fleet = new PlainFleet(groups, limits, options);
    fleet.apply({ type: 'run' });
    fleet.bootAll();
    return fleet;
  }

  /** What has to be done about an event; nothing of the log. */
  apply(event: LauncherEvent): string[] {
    const effects = decide(this.state, event, { now: this.now, random: () => 0.5 });
    return effects.map(told).filter((each) => each !== '');
  }

  to(id: number, event: ProcessEvent): string[] {
    return this.apply({ type: 'process', id, event });
  }

  boot(id: number): string[] {
    return [...this.to(id, { type: 'spawned', pid: 100 + id }), ...this.to(id, { type: 'ready' })];
  }

  /** What starts, and what starts when that is ready. */
  bootAll(): void {
    for (const id of this.state.processes.keys()) if (this.stateOf(id) === 'starting') this.boot(id);
  }

  exit(id: number, code: number | null = 0): string[] {
    return this.to(id, { type: 'exited', code, signal: code === null ? 'SIGKILL' : null });
  }

  tick(now = this.now): string[] {
    this.now = now;
    return this.apply({ type: 'tick' });
  }

  get deadline(): number {
    return nextDeadline(this.state);
  }

  stateOf(id: number): ProcessState | undefined {
    return this.state.processes.get(id)?.state;
  }

  get states(): string {
    return [...this.state.processes.values()].map(({ state }) => state).join();
  }
}

function told(effect: LauncherEffect): string {
  switch (effect.type) {
    case 'process': {
      const { effect: inner, id } = effect;
      if (inner.type === 'log') return '';
      return inner.type === 'publish' ? `${inner.name} ${id}` : `${inner.type} ${id}`;
    }
    case 'log':
      return '';
    case 'publish':
      return effect.name;
    case 'tell':
      return `${effect.notice.type} ${effect.id}`;
    case 'relay':
      return `relay ${effect.message.type}`;
    case 'added':
      return `added ${effect.specs.map(({ id }) => id).join()}`;
    case 'forget':
      return `forget ${effect.id}`;
    case 'finish':
      return `finish ${effect.exitCode}`;
  }
}
