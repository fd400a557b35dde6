import type { EventEmitter2 } from '@nestjs/event-emitter';
import { listenedEvent } from './listener-scope.js';

type Listener = (...args: unknown[]) => unknown;

/**
 * Publishes events on the application's EventEmitter2. It calls the listeners itself: `emit` ends at the first one that
 * throws, and leaves rejections to the process, which they would end.
 */
export class ListenerCaller {
  constructor(
    readonly emitter: EventEmitter2,
    /** Learns of each error of a listener. */
    private readonly onError: (eventName: string, error: unknown) => void,
  ) {}

  publish(name: string, event: object): void {
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

/** What an error of a listener is logged as. */
export function describeListenerError(eventName: string, error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `A listener of ${eventName} failed: ${text}`;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
