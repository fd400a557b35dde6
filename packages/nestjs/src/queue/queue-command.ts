import type { ItemContext, QueueFeeder, QueueHandler } from '@distributed-architecture/queue';

/** What the command of a queue group does; its base class is AbstractSlaveQueueCommand. */
export interface QueueCommand<T = unknown> {
  getFeeder?(handler: QueueHandler): QueueFeeder<T> | Promise<QueueFeeder<T>>;
  handleItem(handler: QueueHandler, item: T, context: ItemContext): void | Promise<void>;
}
