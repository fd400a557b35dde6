import type { LogLevel } from '@nestjs/common';
import { RecordLogger } from '../logging/record-logger.js';
import { withEvent } from '../logging/with-event.js';

/** As the launcher reads output: lines of stderr are warnings. */
const ON_STDERR: readonly LogLevel[] = ['fatal', 'error', 'warn'];

/** Nest's logger in a listener: its output is lines of the fleet's log, so it has no prefix of its own. */
export function listenerLogger(): RecordLogger {
  return new RecordLogger((level, text, context) => {
    const stream = ON_STDERR.includes(level) ? process.stderr : process.stdout;
    const prefix = context === undefined ? '' : `[${context}] `;
    stream.write(`${prefix}${withEvent(level, text, context)}\n`);
  }, 'left-out');
}
