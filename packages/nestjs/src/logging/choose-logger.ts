import type { ConsoleLogger, LoggerService, LogLevel } from '@nestjs/common';
import { currentLogger, hasOwnLogger } from './current-logger.js';

/** The logger to boot with: the caller's choice, else what the application has installed before, else the default. */
export async function chooseLogger(
  choice: LoggerService | LogLevel[] | false | undefined,
  makeDefault: () => ConsoleLogger | Promise<ConsoleLogger>,
): Promise<LoggerService | false> {
  if (choice !== undefined && !Array.isArray(choice)) return choice;
  const own = choice === undefined && hasOwnLogger() ? currentLogger() : undefined;
  if (own !== undefined) return own;
  const logger = await makeDefault();
  if (choice !== undefined) logger.setLogLevels(choice);
  return logger;
}
