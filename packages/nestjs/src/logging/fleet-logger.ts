import { MASTER_ORIGIN, type LogLevel, type LogSink } from '@distributed-architecture/core';
import { listenedEvent } from '../master/listener-scope.js';
import { RecordLogger } from './record-logger.js';

/** Nest's logger in the master: its records and the fleet's lines go through one sink, in one format and order. */
export class FleetLogger extends RecordLogger {
  constructor(readonly sink: LogSink) {
    super(
      (level, text, context) => sink.write(MASTER_ORIGIN, level, withEvent(level, text, context), context),
      'left-out',
    );
  }
}

/** Nest logs what an `@OnEvent` method throws by itself, but does not say which event it was. */
function withEvent(level: LogLevel, text: string, context: string | undefined): string {
  const event = level === 'error' && context === 'Event' ? listenedEvent.getStore() : undefined;
  return event === undefined ? text : `A listener of ${event} failed: ${text}`;
}
