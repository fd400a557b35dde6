import type { LifecycleEventMap, LifecycleEventName } from './lifecycle-events.js';

type Listener<N extends LifecycleEventName> = (event: LifecycleEventMap[N]) => unknown;

/** Hands lifecycle events to listeners. One that throws or rejects is reported and harms neither the others nor us. */
export class EventBus {
  /** The listeners of a name take its events. */
  readonly #listeners = new Map<LifecycleEventName, readonly unknown[]>();

  /** @param onError learns of each error of a listener */
  constructor(private readonly onError: (name: LifecycleEventName, error: unknown) => void) {}

  on<N extends LifecycleEventName>(name: N, listener: Listener<N>): void {
    this.#listeners.set(name, [...this.#of(name), listener]);
  }

  off<N extends LifecycleEventName>(name: N, listener: Listener<N>): void {
    const last = this.#of(name).lastIndexOf(listener);
    this.#listeners.set(name, this.#of(name).toSpliced(last, last === -1 ? 0 : 1));
  }

  has(name: LifecycleEventName): boolean {
    return this.#of(name).length > 0;
  }

  publish<N extends LifecycleEventName>(name: N, event: LifecycleEventMap[N]): void {
    for (const listener of this.#of(name)) this.#call(name, listener, event);
  }

  #of<N extends LifecycleEventName>(name: N): readonly Listener<N>[] {
    return (this.#listeners.get(name) ?? []) as readonly Listener<N>[];
  }

  #call<N extends LifecycleEventName>(name: N, listener: Listener<N>, event: LifecycleEventMap[N]): void {
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch((error: unknown) => this.onError(name, error));
    } catch (error) {
      this.onError(name, error);
    }
  }
}
