import type { AgentRecord } from '../agent-channel/agent-message.js';
import { LISTENER_DISPLAY, LISTENER_ID } from '../agent-channel/listener-origin.js';
import type { AgentSpec } from '../agent-channel/terms.js';
import type { LogLevel, LogOrigin, LogSink } from '../logger/logger.js';
import type { Outbox } from './outbox.js';

/** The log of an agent: all of it goes to the master, named by the processes' ids. */
export class OutboxSink implements LogSink {
  readonly #ids = new Map<string, number>([[LISTENER_DISPLAY, LISTENER_ID]]);
  readonly #outbox: Outbox;
  readonly #add: (record: AgentRecord) => void;

  constructor(outbox: Outbox, add: (record: AgentRecord) => void) {
    this.#outbox = outbox;
    this.#add = add;
  }

  /** From now on records of these processes bear their ids. */
  know(specs: readonly AgentSpec[]): void {
    for (const { spec } of specs) this.#ids.set(spec.origin.display, spec.id);
  }

  /** Nothing is logged about it any more. */
  forget(display: string): void {
    this.#ids.delete(display);
  }

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    const id = this.#ids.get(origin.display);
    this.#add({
      type: 'log',
      ...(id === undefined ? {} : { id }),
      level,
      message,
      ...(context === undefined ? {} : { context }),
    });
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    const id = this.#ids.get(origin.display);
    if (id === undefined) return this.write(origin, level, lines.slice(0, -1));
    this.#add({ type: 'lines', id, level, lines });
  }

  full(): Promise<void> | undefined {
    return this.#outbox.full();
  }

  /** An agent does not wait for its log: what the master has not got is kept until it has, or until the agent ends. */
  flush(): Promise<void> {
    return Promise.resolve();
  }
}
