import type { Logger } from '@distributed-architecture/core';
import { RecordLogger } from './record-logger.js';

/** Nest's logger in a slave: records go to the launcher with their level and context. */
export function slaveLogger(logger: Logger, bootErrors: 'shown' | 'left-out'): RecordLogger {
  return new RecordLogger((level, text, context) => logger[level](text, context), bootErrors);
}
