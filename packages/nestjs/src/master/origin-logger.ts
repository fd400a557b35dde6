import { inspect } from 'node:util';
import { LOG_LEVELS, type Logger, type LogOrigin, type LogSink } from '@distributed-architecture/core';

/** A logger whose records all come from one origin. */
export function originLogger(sink: LogSink, origin: LogOrigin): Logger {
  const entries = LOG_LEVELS.map((level) => {
    const write: Logger['log'] = (message, context) => sink.write(origin, level, textOf(message), context);
    return [level, write] as const;
  });
  return Object.fromEntries(entries) as Logger;
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : inspect(message);
}
