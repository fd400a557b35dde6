import type { SlaveSession } from '@distributed-architecture/core';
import { runQueueWork } from '@distributed-architecture/queue';
import { FeederMissingError } from '../commands/command-errors.js';
import type { CommandHost } from '../commands/command-host.js';
import { findEventEmitter } from '../events/find-event-emitter.js';
import { describeListenerError, ListenerCaller } from '../events/listener-caller.js';
import { withItemEvents } from './item-events.js';
import { itemHandling, type ItemHandling } from './item-handling.js';
import type { QueueCommand } from './queue-command.js';

/** Runs a command as the feeder or the consumer that the session is. */
export async function runQueueCommand<T>(
  session: SlaveSession,
  command: QueueCommand<T>,
  host: CommandHost | undefined,
): Promise<number> {
  const isConsumer = session.queue?.start.role === 'consumer';
  return runQueueWork<T>(session, {
    getFeeder: (handler) => {
      if (command.getFeeder === undefined) throw new FeederMissingError(handler.groupConfig.command);
      return command.getFeeder(handler);
    },
    handleItem: isConsumer ? await withEvents(session, command, host) : itemHandling(command, host),
  });
}

async function withEvents<T>(
  { handler }: SlaveSession,
  command: QueueCommand<T>,
  host: CommandHost | undefined,
): Promise<ItemHandling<T>> {
  const handling = itemHandling(command, host);
  const emitter = host && (await findEventEmitter(host.moduleRef));
  if (emitter === undefined) return handling;
  const report = (name: string, error: unknown): void => handler.logger.error(describeListenerError(name, error));
  return withItemEvents(handling, new ListenerCaller(emitter, report));
}
