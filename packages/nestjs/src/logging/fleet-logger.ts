import { MASTER_ORIGIN, SwitchedLogSink, type LogSink } from '@distributed-architecture/core';
import { RecordLogger } from './record-logger.js';
import { withEvent } from './with-event.js';

/**
 * Nest's logger in the master: its records and the fleet's lines go through one sink, in one format and order. Where that
 * leads is known for good when the configuration was read.
 */
export class FleetLogger extends RecordLogger {
  readonly sink: SwitchedLogSink;

  constructor(first: LogSink) {
    const sink = new SwitchedLogSink(first);
    super(
      (level, text, context) => sink.write(MASTER_ORIGIN, level, withEvent(level, text, context), context),
      'left-out',
    );
    this.sink = sink;
  }
}
