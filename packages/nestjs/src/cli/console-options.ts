import type { DynamicModule, INestApplicationContext, LoggerService, LogLevel, Type } from '@nestjs/common';

/** The application's root module, or an arrow function that loads it. */
export type RootModule = LoadedRoot | Promise<DynamicModule> | RootLoader;

export type LoadedRoot = Type<unknown> | DynamicModule;

/**
 * `() => import('./app.module.js').then(({ AppModule }) => AppModule)`: commands that only look at the fleet (`master:*`,
 * `config:*`) then need not load the application at all, nor Nest.
 */
export type RootLoader = () => Promise<LoadedRoot>;

export interface ConsoleOptions {
  /**
   * Nest's logger in every role. A list of levels keeps the default logger at those levels; false switches Nest's own
   * log off (not that of the fleet). Default: the fleet's log, in its format.
   */
  logger?: LoggerService | LogLevel[] | false;
  /**
   * The path of the configuration, where the module has one in `forRoot({ config })` and the root module is given by a
   * function: then `master:*` and `config:*` need not load the application to learn it.
   */
  config?: string;
  /** Called with the application before its command runs, for instance to call `app.useLogger`. */
  configure?: (app: INestApplicationContext) => unknown;
}
