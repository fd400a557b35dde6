import { EventBus } from '../../events/event-bus.js';
import {
  MasterRunningEvent,
  MasterStartedEvent,
  MasterStartingEvent,
  MasterStoppedEvent,
  ProcessCreatedEvent,
  ProcessRunningEvent,
  ProcessStartedEvent,
  ProcessStoppedEvent,
  ProcessTimedOutEvent,
  type LauncherView,
  type LifecycleEventMap,
  type LifecycleEventName,
} from '../../events/lifecycle-events.js';
import type { QueueView } from '../../launcher/queue-counts.js';
import { FollowedProcess } from './followed-process.js';
import type { KnownMessage, ListenerMessage, MasterEventMessage, ProcessEventMessage } from './listener-message.js';

const MASTER_EVENTS = {
  master_starting: MasterStartingEvent,
  master_started: MasterStartedEvent,
  master_running: MasterRunningEvent,
  master_stopped: MasterStoppedEvent,
};

/**
 * The launcher of an agent, as the listener beside it knows it by what it is told. Its events and processes are those of
 * this host; its master has the counts of queue groups.
 */
export class HostEvents implements LauncherView {
  readonly isMaster = false;
  readonly queues: readonly QueueView[] = [];
  readonly #bus: EventBus;
  #processes = new Map<number, FollowedProcess>();
  #groups: readonly string[] = [];
  #running = false;

  /** @param onError learns of each error of a listener */
  constructor(onError: (name: LifecycleEventName, error: unknown) => void) {
    this.#bus = new EventBus(onError);
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get processes(): readonly FollowedProcess[] {
    return [...this.#processes.values()];
  }

  get groups(): readonly string[] {
    return this.#groups;
  }

  on<N extends LifecycleEventName>(name: N, listener: (event: LifecycleEventMap[N]) => unknown): this {
    this.#bus.on(name, listener);
    return this;
  }

  off<N extends LifecycleEventName>(name: N, listener: (event: LifecycleEventMap[N]) => unknown): this {
    this.#bus.off(name, listener);
    return this;
  }

  receive(message: ListenerMessage): void {
    switch (message.type) {
      case 'known':
        return this.#know(message);
      case 'change':
        return this.#processes.get(message.id)?.live(message.life);
      case 'process':
        return this.#publishProcess(message);
      case 'master':
        return this.#publishMaster(message);
    }
  }

  /** Views that somebody holds stay those of their processes. What is not named any more is none. */
  #know({ groups, processes }: KnownMessage): void {
    this.#running = true;
    this.#groups = groups;
    const ids = new Set(processes.map(({ id }) => id));
    for (const id of this.#processes.keys()) if (!ids.has(id)) this.#processes.delete(id);
    for (const each of processes) {
      const known = this.#processes.get(each.id);
      if (known === undefined) this.#processes.set(each.id, new FollowedProcess(each));
      else known.live(each.life);
    }
  }

  #publishMaster({ name, seen = [] }: MasterEventMessage): void {
    for (const [id, at] of seen) this.#processes.get(id)?.seen(at);
    this.#bus.publish(name, new MASTER_EVENTS[name](this));
    if (name === 'master_stopped') this.#running = false;
  }

  #publishProcess({ name, id, life, line, exit }: ProcessEventMessage): void {
    const view = this.#processes.get(id);
    if (view === undefined) return;
    view.live(life);
    switch (name) {
      case 'process_created':
        return this.#bus.publish(name, new ProcessCreatedEvent(view));
      case 'process_started':
        return this.#bus.publish(name, new ProcessStartedEvent(view));
      case 'process_running':
        return this.#bus.publish(name, new ProcessRunningEvent(view, line));
      case 'process_timedout':
        return this.#bus.publish(name, new ProcessTimedOutEvent(view));
      case 'process_stopped':
        return this.#bus.publish(name, new ProcessStoppedEvent(view, exit!));
    }
  }
}
