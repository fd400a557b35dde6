import type { SlaveSession } from '@distributed-architecture/core';
import type { ItemContext, QueueFeeder, QueueHandler } from '@distributed-architecture/queue';
import type { QueueCommand } from '../queue/queue-command.js';
import type { CommandHost } from './command-host.js';
import { SlaveCommandBase } from './slave-command-base.js';

/**
 * Base of the command of a queue group: one class for its feeder and its consumers.
 *
 * Where the command or something that is injected into it has request scope, each item is handled by an instance of its
 * own. Guards, pipes, interceptors and filters do not apply to items.
 */
export abstract class AbstractSlaveQueueCommand<T = unknown> extends SlaveCommandBase implements QueueCommand<T> {
  /**
   * Where the items come from. Called once, only in the feeder process, which is ready only after it. Without it the
   * feeder fails (FeederMissingError).
   *
   * @returns a feeder, an ItemSource, or items (an iterable or async iterable), whose end is the end of the queue group
   */
  getFeeder?(handler: QueueHandler): QueueFeeder<T> | Promise<QueueFeeder<T>>;

  /**
   * Handles one item. Called only in consumer processes, for at most `concurrency` items at once.
   *
   * What it throws makes the item an error; the consumer goes on. It is aborted (`context.signal`) by `item_timeout`, not
   * by a stop: then what has begun is finished.
   */
  abstract handleItem(handler: QueueHandler, item: T, context: ItemContext): void | Promise<void>;

  override async runAsSlave(session: SlaveSession, host: CommandHost | undefined): Promise<number> {
    const { runQueueCommand } = await import('../queue/run-queue-command.js');
    return runQueueCommand(session, this, host);
  }

  /** @throws NotInQueueGroupError */
  protected override async runByHand(): Promise<void> {
    const { NotInQueueGroupError } = await import('@distributed-architecture/queue');
    throw new NotInQueueGroupError();
  }
}
