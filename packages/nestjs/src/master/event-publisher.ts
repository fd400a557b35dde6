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
  type LifecycleEventSource,
  type LifecycleEventName,
} from '@distributed-architecture/core';
import { ListenerCaller } from '../events/listener-caller.js';

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

/** Publishes a launcher's events on the application's EventEmitter2. */
export class EventPublisher extends ListenerCaller {
  attach(launcher: LifecycleEventSource): void {
    for (const [short, name] of Object.entries(NAMES) as [LifecycleEventName, string][]) {
      launcher.on(short, (event) => this.publish(name, event));
    }
  }
}
