import { ContextIdFactory } from '@nestjs/core';
import type { QueueWork } from '@distributed-architecture/queue';
import type { CommandHost } from '../commands/command-host.js';
import type { QueueCommand } from './queue-command.js';

/** What is done with an item. */
export type ItemHandling<T> = QueueWork<T>['handleItem'];

/** By the command itself, or, where its dependency tree has request scope, by an instance for each item. */
export function itemHandling<T>(command: QueueCommand<T>, host: CommandHost | undefined): ItemHandling<T> {
  if (host === undefined || host.wrapper.isDependencyTreeStatic()) {
    return (handler, item, context) => command.handleItem(handler, item, context);
  }
  return async (handler, item, context) => {
    const own = await instanceFor<T>(host);
    await own.handleItem(handler, item, context);
  };
}

/** Nest keeps instances of request scope as long as their context id: nothing holds that any longer than the item. */
function instanceFor<T>({ moduleRef, wrapper }: CommandHost): Promise<QueueCommand<T>> {
  const contextId = ContextIdFactory.create();
  // A token that is a class or a symbol is looked up as well as a text.
  return moduleRef.resolve<QueueCommand<T>>(wrapper.token as string, contextId, { strict: false });
}
