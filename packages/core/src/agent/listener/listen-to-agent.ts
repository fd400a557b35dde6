import { CHANNEL_VARIABLE } from '../../channel/environment.js';
import { killOwnGroup } from '../../slave/own-group.js';
import { writeAtOnce } from '../../slave/write-at-once.js';
import type { LifecycleEventMap, LifecycleEventName } from '../../events/lifecycle-events.js';
import { HostEvents } from './host-events.js';
import { asListenerMessage, READY } from './listener-message.js';

/** For what is left to do when the agent has said all; it kills us then, or its watchdog does. */
const END_MS = 5000;

/** After SIGTERM the agent may have something left to say. */
const LAST_WORDS_MS = 1000;

/** Where lifecycle events are listened to: a launcher, or what a listener hears of that of its agent. */
export interface LifecycleEventSource {
  on<N extends LifecycleEventName>(name: N, listener: (event: LifecycleEventMap[N]) => unknown): this;
}

/** The listener's end of the channel to its agent. */
export class AgentListening {
  readonly #events: HostEvents;

  /** @param onError learns of each error of a listener */
  constructor(onError: (name: LifecycleEventName, error: unknown) => void) {
    this.#events = new HostEvents(onError);
    // What this program forks must not take it for an agent.
    delete process.env[CHANNEL_VARIABLE];
    for (const stream of [process.stdout, process.stderr]) writeAtOnce(stream);
  }

  /** Where listeners are added. */
  get events(): LifecycleEventSource {
    return this.#events;
  }

  /**
   * Tells the agent to begin. Resolves when it has said all, or is gone; what the program does then it has to do within
   * 5 seconds.
   */
  async run(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    process.on('message', (value) => this.#receive(value));
    process.once('disconnect', resolve);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => setTimeout(resolve, LAST_WORDS_MS));
    }
    if (process.connected) process.send!(READY, undefined, undefined, () => {});
    else resolve();
    await promise;
    setTimeout(killOwnGroup, END_MS).unref();
  }

  #receive(value: unknown): void {
    const message = asListenerMessage(value);
    if (message !== undefined) this.#events.receive(message);
  }
}
