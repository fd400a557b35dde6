import type { BlockOptions, ReloadOptions, RemoteOptions, SshOptions } from './group-config.js';

/**
 * A group of one feeder and its consumers as it is written down: in code, or by the loader from YAML. Times are seconds;
 * for defaults see the configuration reference. What it says itself holds for the feeder and the consumers, unless their
 * blocks say something else.
 */
export interface QueueGroupOptions extends BlockOptions {
  name: string;
  command: string;
  params?: Record<string, any>;
  dependsOn?: string[];
  reload?: ReloadOptions;
  /** Items that one consumer handles at once. */
  concurrency?: number;
  /** Unanswered items that one consumer may hold. */
  window?: number | 'auto';
  /** Bytes. */
  maxItemSize?: number;
  /** 0: none. */
  itemTimeout?: number;
  abortGrace?: number;
  pollInterval?: number;
  targetLatency?: number;
  /** One of `localFeeder` and `remoteFeeder`. Default: a local one. */
  localFeeder?: LocalFeederOptions;
  remoteFeeder?: RemoteFeederOptions;
  consumers: { local?: LocalConsumersOptions; remote?: RemoteConsumersOptions[] };
}

/** The feeder, on the launcher's machine. It listens at an address only for consumers on other hosts. */
export interface LocalFeederOptions extends BlockOptions {
  /** Host or address to listen at. Default `localhost`. */
  bindTo?: string;
  /** Default 9999. */
  port?: number;
}

/** The feeder, on another host: `hosts` has exactly one. */
export interface RemoteFeederOptions extends LocalFeederOptions, SshOptions {
  hosts: string[];
}

/** Consumers on other hosts; numbers are those of each host. */
export interface RemoteConsumersOptions extends LocalConsumersOptions, RemoteOptions {}

/** Consumers on the launcher's machine: a fixed number of them, or (`minInstances` or `maxInstances` given) as many as there is work for. */
export interface LocalConsumersOptions extends BlockOptions {
  instancesCount?: number;
  minInstances?: number;
  maxInstances?: number;
  /** Time without an item after which a consumer on demand ends. 0: never. */
  maxIdleTime?: number;
  /** Where consumers on other hosts than the feeder's reach it. Default `localhost`. */
  host?: string;
  /** Default: the feeder's. */
  port?: number;
}
