import type { QueueHandler } from '@distributed-architecture/queue';

/* Events of items, on the EventEmitter2 of the consumer process that handles them. */

abstract class QueueItemEvent<T> {
  constructor(
    readonly handler: QueueHandler,
    readonly item: T,
  ) {}
}

/** An item is about to be handled. */
export class QueueItemReceivedEvent<T = unknown> extends QueueItemEvent<T> {
  static readonly NAME = 'distributed_architecture.queue_item_received';
}

/** `handleItem` has returned; maybe too late: what counts is what the feeder is told. */
export class QueueItemHandledEvent<T = unknown> extends QueueItemEvent<T> {
  static readonly NAME = 'distributed_architecture.queue_item_handled';
}

/** `handleItem` has thrown. */
export class QueueItemFailedEvent<T = unknown> extends QueueItemEvent<T> {
  static readonly NAME = 'distributed_architecture.queue_item_failed';

  constructor(
    handler: QueueHandler,
    item: T,
    /** What it threw. */
    readonly error: unknown,
  ) {
    super(handler, item);
  }
}
