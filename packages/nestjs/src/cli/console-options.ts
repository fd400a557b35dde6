import type { DynamicModule, INestApplicationContext, LoggerService, LogLevel, Type } from '@nestjs/common';

/** The application's root module. */
export type RootModule = Type<unknown> | DynamicModule | Promise<DynamicModule>;

export interface ConsoleOptions {
  /**
   * Nest's logger in every role. A list of levels keeps the default logger at those levels; false switches Nest's own
   * log off (not that of the fleet). Default: the fleet's log, in its format.
   */
  logger?: LoggerService | LogLevel[] | false;
  /** Called with the application before its command runs, for instance to call `app.useLogger`. */
  configure?: (app: INestApplicationContext) => unknown;
}
