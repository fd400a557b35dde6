import type { ListenerCaller } from '../events/listener-caller.js';
import type { ItemHandling } from './item-handling.js';
import { QueueItemFailedEvent, QueueItemHandledEvent, QueueItemReceivedEvent } from './queue-item-events.js';

const NAMES = [QueueItemReceivedEvent.NAME, QueueItemHandledEvent.NAME, QueueItemFailedEvent.NAME];

/** Publishes the events of items around their handling, if anybody listens. */
export function withItemEvents<T>(handle: ItemHandling<T>, listeners: ListenerCaller): ItemHandling<T> {
  const isHeard = heard(listeners);
  const publishing = published(handle, listeners);
  return (handler, item, context) => (isHeard() ? publishing : handle)(handler, item, context);
}

function published<T>(handle: ItemHandling<T>, listeners: ListenerCaller): ItemHandling<T> {
  return async (handler, item, context) => {
    listeners.publish(QueueItemReceivedEvent.NAME, new QueueItemReceivedEvent(handler, item));
    try {
      await handle(handler, item, context);
    } catch (error) {
      listeners.publish(QueueItemFailedEvent.NAME, new QueueItemFailedEvent(handler, item, error));
      throw error;
    }
    listeners.publish(QueueItemHandledEvent.NAME, new QueueItemHandledEvent(handler, item));
  };
}

/** Listeners come and go: they are looked for once a turn of the event loop, which may handle hundreds of items. */
function heard({ emitter }: ListenerCaller): () => boolean {
  let known: boolean | undefined;
  const forget = (): void => {
    known = undefined;
  };
  return () => {
    if (known === undefined) {
      known = emitter.listenersAny().length > 0 || NAMES.some((name) => emitter.hasListeners(name));
      setImmediate(forget);
    }
    return known;
  };
}
