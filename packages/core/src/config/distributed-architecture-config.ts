import type { LogLevel } from '../logger/logger.js';
import type { GroupOptions } from './group-config.js';
import type { QueueGroupOptions } from './queue-group-options.js';

/** A configuration that was read and checked. Groups stand in the order of the file. */
export interface DistributedArchitectureConfig {
  /** Name of the fleet; undefined: the package's. */
  name?: string;
  groups: GroupOptions[];
  queueGroups: QueueGroupOptions[];
  /** Log files of a service. */
  log?: LogOptions;
  /** Folder of the file `<name>.pid`. Default `var/`. */
  pidPath?: string;
  /** Metrics over TCP; undefined: on the control socket alone. */
  metrics?: MetricsOptions;
}

/** Log files of a master that runs as a service; the level and the form are those of a foreground master as well. */
export interface LogOptions {
  /** Folder. Default `var/`. */
  path?: string;
  /** The least severe level that is written. Default `log`. */
  level?: LogLevel;
  /** Default `text`. */
  format?: 'text' | 'json';
  /** MB at which a new file is begun before the day ends. Default 100. */
  maxSize?: number;
  /** Files that are kept. Default 30. */
  maxFiles?: number;
}

/** Where metrics are served over TCP. */
export interface MetricsOptions {
  /** Default `localhost`. */
  host?: string;
  /** Default 9464. */
  port?: number;
  /** Default `/metrics`. */
  path?: string;
}

/** A configuration as it is given in code: groups as lists, or by their names. At least one group of any kind. */
export interface DistributedArchitectureOptions {
  name?: string;
  groups?: Named<GroupOptions>;
  queueGroups?: Named<QueueGroupOptions>;
  log?: LogOptions;
  pidPath?: string;
  metrics?: MetricsOptions;
}

type Named<T extends { name: string }> = readonly T[] | Readonly<Record<string, Omit<T, 'name'>>>;
