import type { Logger, SlaveSession } from '@distributed-architecture/core';
import { RecordLogger } from './record-logger.js';
import { withEvent } from './with-event.js';

/** Nest's logger in a slave: records go to the launcher with their level and context, in a consumer with their item. */
export async function slaveLogger(session: SlaveSession, bootErrors: 'shown' | 'left-out'): Promise<RecordLogger> {
  const logger = await recordsOf(session);
  return new RecordLogger(
    (level, text, context) => logger[level](withEvent(level, text, context), context),
    bootErrors,
  );
}

async function recordsOf({ handler, queue }: SlaveSession): Promise<Logger> {
  if (queue?.start.role !== 'consumer') return handler.logger;
  const { itemLogger } = await import('@distributed-architecture/queue');
  return itemLogger(handler.logger);
}
