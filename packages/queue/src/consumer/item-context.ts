import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '@distributed-architecture/core';

/** What the handling of one item knows of it. */
export interface ItemContext {
  /** Its number, unique within one life of the feeder. */
  readonly id: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /**
   * Aborts when the item has timed out: it counts as failed then, and its process is killed soon unless the handler
   * returns or throws. It does not abort at a stop: what was begun is finished.
   */
  readonly signal: AbortSignal;
  /** Puts `[item <id>]` before each message. */
  readonly log: Logger;
}

/** The item of whatever runs: also behind awaits, timers and events that its handling has started. */
export const itemScope = new AsyncLocalStorage<ItemContext>();

/** The item that is being handled where this is called from; undefined: none. */
export function currentItem(): ItemContext | undefined {
  return itemScope.getStore();
}
