import { GuardedLogSink } from '../logger/guarded-log-sink.js';
import { LoggerLogSink } from '../logger/logger-log-sink.js';
import type { LogSink } from '../logger/logger.js';
import { TextLogSink } from '../logger/text-log-sink.js';
import type { LauncherOptions } from './launcher-options.js';

/** The sink for whatever a user gives as a logger. */
export function toLogSink(logger: LauncherOptions['logger']): LogSink {
  if (logger === undefined) return new TextLogSink();
  if (logger instanceof TextLogSink) return logger;
  return new GuardedLogSink('writeLines' in logger ? logger : new LoggerLogSink(logger));
}
