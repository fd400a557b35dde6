import type { ItemContext } from '../consumer/item-context.js';
import type { FeederLike } from '../source/feeder.js';
import type { ItemSource } from '../source/item-source.js';
import type { QueueHandler } from './queue-handler.js';

/** What the processes of a queue group do: one program for both roles. */
export interface QueueWork<T = unknown> {
  /** Called once, in the feeder process only. */
  getFeeder(handler: QueueHandler): QueueFeeder<T> | Promise<QueueFeeder<T>>;
  /** Called for each item, in consumers only. What it throws makes the item an error. */
  handleItem(handler: QueueHandler, item: T, context: ItemContext): void | Promise<void>;
}

/** Where items may come from: the application's feeder, an (async) iterable, or a source. */
export type QueueFeeder<T> = FeederLike<T> | ItemSource<T>;
