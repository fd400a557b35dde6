import type { Logger } from '@distributed-architecture/core';
import type { ItemContext } from './item-context.js';
import { loggerOfItem } from './item-log.js';
import type { Farewell } from './farewell.js';

/** An item of which the handler was called. There is one object for each, so it is its own context, and makes what is seldom asked for when it is. */
export class BegunItem implements ItemContext {
  /** How the feeder names it; differs from what its handler sees when a new feeder has adopted it. */
  number: number;
  /** Of a life of the feeder that is over: its outcome goes there instead of to the feeder. */
  farewell: Farewell | undefined = undefined;
  #abort: AbortController | undefined = undefined;
  #log: Logger | undefined = undefined;
  #timedOut = false;

  constructor(
    readonly first: number,
    readonly attempt: number,
    readonly body: unknown,
    private readonly logger: Logger,
  ) {
    this.number = first;
  }

  get id(): string {
    return String(this.first);
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#timedOut) this.#abort.abort(timeoutOf(this.id));
    return this.#abort.signal;
  }

  get log(): Logger {
    return (this.#log ??= loggerOfItem(this.logger, this.id));
  }

  /** The feeder has given it up. */
  timeOut(): void {
    this.#timedOut = true;
    this.#abort?.abort(timeoutOf(this.id));
  }
}

function timeoutOf(id: string): DOMException {
  return new DOMException(`Item ${id} has timed out`, 'TimeoutError');
}
