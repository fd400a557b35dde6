import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';

/** What a master is given for requests that it cannot meet by itself. */
export interface OperatorOptions {
  /**
   * Reads the configuration again, for `reload` with `configOnly`.
   *
   * @throws ConfigError
   */
  readConfiguration?(): Promise<ReadConfiguration>;
  /** Begins to replace this master by a successor with fresh configuration. Absent: it runs in the foreground. */
  restart?(): void | Promise<void>;
}

export interface ReadConfiguration {
  readonly groups: readonly (GroupOptions | QueueGroupOptions)[];
}
