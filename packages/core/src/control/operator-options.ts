import type { FleetConfiguration, MasterConfiguration } from '../plan/fleet-configuration.js';

/** What a master is given for requests that it cannot meet by itself. */
export interface OperatorOptions {
  /** What its configuration said about the master itself when it started: with it, plans tell what takes effect at a restart. */
  readonly settings?: MasterConfiguration;
  /**
   * Reads the configuration again, for `reload` with `configOnly`.
   *
   * @throws ConfigError
   */
  readConfiguration?(): Promise<FleetConfiguration>;
  /**
   * Begins to replace this master by a successor with fresh configuration. Absent: it runs in the foreground.
   *
   * @throws ConfigError when the configuration is wrong by now: nothing has happened
   */
  restart?(): void | Promise<void>;
  /** An end was asked for: nobody is to follow. */
  stopping?(): void;
}
