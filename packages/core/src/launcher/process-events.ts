import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import {
  ProcessCreatedEvent,
  ProcessRunningEvent,
  ProcessStartedEvent,
  ProcessStoppedEvent,
  ProcessTimedOutEvent,
} from '../events/lifecycle-events.js';
import { RunningThrottle } from '../events/running-throttle.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessEffect } from '../process/process-decision.js';

/** The lifecycle events of one process. */
export class ProcessEvents {
  readonly #throttle: RunningThrottle;

  constructor(
    private readonly view: ManagedProcess,
    private readonly bus: EventBus,
    private readonly clock: Clock,
  ) {
    this.#throttle = new RunningThrottle((line) => bus.publish('process_running', new ProcessRunningEvent(view, line)));
  }

  created(): void {
    this.bus.publish('process_created', new ProcessCreatedEvent(this.view));
  }

  publish(effect: Extract<ProcessEffect, { type: 'publish' }>): void {
    switch (effect.name) {
      case 'process_started':
        return this.bus.publish(effect.name, new ProcessStartedEvent(this.view));
      case 'process_timedout':
        return this.bus.publish(effect.name, new ProcessTimedOutEvent(this.view));
      case 'process_stopped':
        return this.bus.publish(effect.name, new ProcessStoppedEvent(this.view, effect.exit));
    }
  }

  /** @param line undefined: a sign of life without a line */
  seen(line: string | undefined): void {
    this.#throttle.offer(line, this.clock.monotonicMs());
  }

  /** @param lines whole lines, each ended by a newline */
  said(lines: string): void {
    if (this.bus.has('process_running')) this.#throttle.offerLines(lines, this.clock.monotonicMs());
  }

  /** Publishes what waits because of the limit. */
  flush(): void {
    if (this.#throttle.waits) this.#throttle.flush(this.clock.monotonicMs());
  }
}
