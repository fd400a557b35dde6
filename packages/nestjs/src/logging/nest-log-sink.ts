import {
  LoggerLogSink,
  TextLogSink,
  type LogLevel,
  type LogOrigin,
  type LogSink,
} from '@distributed-architecture/core';
import type { LoggerService } from '@nestjs/common';
import { currentLogger } from './current-logger.js';
import { FleetLogger } from './fleet-logger.js';
import { guardLogger } from './guard-logger.js';

/**
 * The fleet's log in a Nest application: Nest's logger as it is at that moment, so that `app.useLogger` holds from then
 * on. When logging is off in Nest the lines go to stdout: the output of a fleet is its result.
 */
export class NestLogSink implements LogSink {
  #logger: LoggerService | undefined;
  #sink: LogSink | undefined;

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    this.#current().write(origin, level, message, context);
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    this.#current().writeLines(origin, level, lines);
  }

  full(): Promise<void> | undefined {
    return this.#current().full();
  }

  flush(): Promise<void> {
    return this.#current().flush();
  }

  #current(): LogSink {
    const logger = currentLogger();
    if (this.#sink === undefined || logger !== this.#logger) {
      this.#logger = logger;
      this.#sink = sinkOf(logger);
    }
    return this.#sink;
  }
}

function sinkOf(logger: LoggerService | undefined): LogSink {
  if (logger === undefined) return new TextLogSink();
  return logger instanceof FleetLogger ? logger.sink : new LoggerLogSink(guardLogger(logger));
}
