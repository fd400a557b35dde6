import type { LauncherOptions } from '../launcher/launcher-options.js';
import { GuardedLogSink } from './guarded-log-sink.js';
import type { LogSink } from './logger.js';
import { LoggerLogSink } from './logger-log-sink.js';
import { TextLogSink } from './text-log-sink.js';

/** The sink for whatever a user gives as a logger. */
export function toLogSink(logger: LauncherOptions['logger']): LogSink {
  if (logger === undefined) return new TextLogSink();
  if (logger instanceof TextLogSink) return logger;
  return new GuardedLogSink('writeLines' in logger ? logger : new LoggerLogSink(logger));
}
