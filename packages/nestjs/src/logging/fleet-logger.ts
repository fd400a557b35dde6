import { MASTER_ORIGIN, type LogSink } from '@distributed-architecture/core';
import { RecordLogger } from './record-logger.js';
import { withEvent } from './with-event.js';

/** Nest's logger in the master: its records and the fleet's lines go through one sink, in one format and order. */
export class FleetLogger extends RecordLogger {
  constructor(readonly sink: LogSink) {
    super(
      (level, text, context) => sink.write(MASTER_ORIGIN, level, withEvent(level, text, context), context),
      'left-out',
    );
  }
}
