import type { DemandMessage, QueueSlaveMessage } from '../channel/queue-message.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { ProcessEvent } from '../process/process-decision.js';
import { listProcesses } from '../testing/process-specs.js';
import type { ProcessState } from '../process/process-state.js';
import type { LauncherEffect, LauncherEvent } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import { createState, nextDeadline, type LauncherState } from './launcher-state.js';

const NO_LIMITS = { timeoutMs: 0, maxRunningTimeMs: 0, maxProcessTimeout: 3, bootSlots: 8 };

/** Feeder 1 and consumers 2 and 3, whose times are easy to calculate with. */
export function queueGroup(options: Partial<QueueGroupOptions> = {}): QueueGroupOptions {
  return {
    name: 'Queue',
    command: 'work',
    timeout: 0,
    restartDelay: 0,
    consumers: { local: { instancesCount: 2 } },
    ...options,
  };
}

/** Feeder 1, and consumers from 2 on for which there is work. */
export function onDemand(local: QueueGroupOptions['consumers']['local'], options: Partial<QueueGroupOptions> = {}) {
  return queueGroup({ ...options, consumers: { local } });
}

export const NO_DEMAND: DemandMessage = {
  type: 'demand',
  waiting: 0,
  held: 0,
  consumers: 0,
  idle: 0,
  letGo: 0,
  waitedMs: 0,
  done: 0,
  failed: 0,
};

/** A launcher's decisions about queue groups, with a clock that is turned by hand. */
export class QueueFleet {
  readonly state: LauncherState;
  now = 0;

  constructor(...groups: (GroupOptions | QueueGroupOptions)[]) {
    this.state = createState(listProcesses(groups), NO_LIMITS);
  }

  /** Feeder and initial consumers are ready. */
  static running(group: QueueGroupOptions, adopts = false): QueueFleet {
    const fleet = new QueueFleet(group);
    fleet.apply({ type: 'run' });
    fleet.boot(1, adopts);
    for (const id of [2, 3, 4, 5]) if (fleet.stateOf(id) === 'starting') fleet.boot(id);
    return fleet;
  }

  /** What has to be done about an event. */
  apply(event: LauncherEvent): string[] {
    return decide(this.state, event, { now: this.now, random: () => 0.5 }).map(told);
  }

  to(id: number, event: ProcessEvent): string[] {
    return this.apply({ type: 'process', id, event });
  }

  spawn(id: number): string[] {
    return this.to(id, { type: 'spawned', pid: 100 + id });
  }

  boot(id: number, adopts?: boolean): string[] {
    return [...this.spawn(id), ...this.to(id, { type: 'ready', adopts })];
  }

  exit(id: number, code: number | null = 0): string[] {
    return this.to(id, { type: 'exited', code, signal: code === null ? 'SIGKILL' : null });
  }

  /** Its process dies. */
  die(id: number): string[] {
    return this.exit(id, null);
  }

  say(id: number, message: QueueSlaveMessage): string[] {
    return this.apply({ type: 'queue', id, message });
  }

  demand(message: Partial<DemandMessage>): string[] {
    return this.say(1, { ...NO_DEMAND, ...message });
  }

  /** Lets time pass up to the next thing that is due, if that is within so long. */
  wait(ms: number): string[] {
    const end = this.now + ms;
    const effects: string[] = [];
    for (let at = this.deadline; at <= end; at = this.deadline) {
      this.now = Math.max(this.now, at);
      effects.push(...this.apply({ type: 'tick' }));
    }
    this.now = end;
    return effects;
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
      if (inner.type === 'publish') return `${inner.name} ${id}`;
      return inner.type === 'log' ? `${inner.level} ${id}: ${inner.message}` : `${inner.type} ${id}`;
    }
    case 'tell':
      return `${JSON.stringify(effect.notice)} to ${effect.id}`;
    case 'log':
      return `${effect.level} ${effect.group ?? ''}: ${effect.message}`;
    case 'publish':
      return effect.name;
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

/** Only what is told to processes, and what is done to them. */
export function deeds(effects: readonly string[]): string[] {
  return effects.filter((each) => /^(\{|spawn |ask-to-stop |kill |clear |finish )/.test(each));
}

export const ready = (incarnation: number, to: number): string =>
  `{"type":"feeder-ready","feeder":1,"incarnation":${incarnation}} to ${to}`;
export const gone = (incarnation: number, to: number): string =>
  `{"type":"feeder-gone","incarnation":${incarnation}} to ${to}`;
export const consumerGone = (id: number, incarnation: number): string =>
  `{"type":"consumer-gone","id":${id},"incarnation":${incarnation}} to 1`;
