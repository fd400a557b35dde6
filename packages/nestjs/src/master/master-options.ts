import type { LauncherLimitOptions, OpenLogOptions } from '@distributed-architecture/core';
import type { AccountNames } from '../service/account.js';

/** What the command line says of a run; times are seconds. */
export interface MasterRunOptions {
  readonly configFile?: string;
  readonly limits: LauncherLimitOptions;
  /** A service stays when all has ended; `attached`: to whoever has started it, as systemd and containers want it. */
  readonly service?: 'detached' | 'attached';
  /** Whom a service runs as. */
  readonly account?: AccountNames;
  /** File, level and form of the log, as far as they were given. */
  readonly log?: Pick<OpenLogOptions, 'path' | 'level' | 'format'>;
  /** Default: that of the configuration. */
  readonly pidFile?: string;
}
