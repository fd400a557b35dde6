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
  type Launcher,
  type LifecycleEvent,
  type LifecycleEventName,
} from '@distributed-architecture/core';
import type { EventEmitter2 } from '@nestjs/event-emitter';
import { listenedEvent } from './listener-scope.js';

type Listener = (...args: unknown[]) => unknown;

const NAMES: Readonly<Record<LifecycleEventName, string>> = {
  master_starting: MasterStartingEvent.NAME,
  master_started: MasterStartedEvent.NAME,
  master_running: MasterRunningEvent.NAME,
  master_stopped: MasterStoppedEvent.NAME,
  process_created: ProcessCreatedEvent.NAME,
  process_started: ProcessStartedEvent.NAME,
  process_running: ProcessRunningEvent.NAME,
  process_stopped: ProcessStoppedEvent.NAME,
  process_timedout: ProcessTimedOutEvent.NAME,
};

/**
 * Publishes a launcher's events on the application's EventEmitter2. It calls the listeners itself: `emit` ends at the
 * first one that throws, and leaves rejections to the process, which they would end.
 */
export class EventPublisher {
  constructor(
    private readonly emitter: EventEmitter2,
    /** Learns of each error of a listener. */
    private readonly onError: (eventName: string, error: unknown) => void,
  ) {}

  attach(launcher: Pick<Launcher, 'on'>): void {
    for (const [short, name] of Object.entries(NAMES) as [LifecycleEventName, string][]) {
      launcher.on(short, (event) => this.publish(name, event));
    }
  }

  publish(name: string, event: LifecycleEvent): void {
    const { emitter } = this;
    // Copies: a once listener takes itself out of the list while it is gone through.
    const any = emitter.listenersAny().slice() as Listener[];
    const named = emitter.listeners(name).slice() as Listener[];
    for (const listener of any) this.#call(name, listener, [name, event]);
    for (const listener of named) this.#call(name, listener, [event]);
  }

  #call(name: string, listener: Listener, args: unknown[]): void {
    // Listeners read the name from their emitter.
    Object.assign(this.emitter, { event: name });
    try {
      const result = listenedEvent.run(name, () => listener.apply(this.emitter, args));
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.onError(name, error));
    } catch (error) {
      this.onError(name, error);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
