import { LOG_LEVELS, type Logger } from '@distributed-architecture/core';
import type { LoggerService } from '@nestjs/common';

/** Levels that a Nest logger need not have, and what stands in for them; undefined: the record is dropped, as Nest does. */
const STAND_INS = { fatal: 'error', debug: undefined, verbose: undefined } as const;

/** The logger as the launcher may use it: what it throws is said on stderr, once, and stops no fleet. */
export function guardLogger(logger: LoggerService): Logger {
  let reported = false;
  const report = (error: unknown): void => {
    if (!reported) process.stderr.write(`The application's logger failed: ${String(error)}\n`);
    reported = true;
  };
  const entries = LOG_LEVELS.map((level) => [level, guarded(methodOf(logger, level), report)] as const);
  return Object.fromEntries(entries) as Logger;
}

type LogMethod = (message: unknown, context?: string) => void;

function guarded(method: LogMethod | undefined, report: (error: unknown) => void): LogMethod {
  return (...record) => {
    try {
      method?.(...record);
    } catch (error) {
      report(error);
    }
  };
}

function methodOf(logger: LoggerService, level: keyof Logger): LogMethod | undefined {
  const own = logger[level] ?? standIn(logger, level);
  return own?.bind(logger);
}

function standIn(logger: LoggerService, level: keyof Logger): LoggerService['log'] | undefined {
  const other = level in STAND_INS ? STAND_INS[level as keyof typeof STAND_INS] : undefined;
  return other === undefined ? undefined : logger[other];
}
