import { Logger, type LoggerService } from '@nestjs/common';

/** Nest tells nobody which logger is in use, but its subclasses. */
class InstalledLogger extends Logger {
  static get(): LoggerService | undefined {
    return Logger.staticInstanceRef;
  }
}

const NEST_DEFAULT = InstalledLogger.get();

/** The logger that Nest writes to; undefined when logging is switched off. */
export function currentLogger(): LoggerService | undefined {
  return InstalledLogger.get();
}

/** True when the application chose a logger of its own. */
export function hasOwnLogger(): boolean {
  const logger = currentLogger();
  return logger !== undefined && logger !== NEST_DEFAULT;
}
