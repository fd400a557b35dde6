import type { QueueConfig } from './queue-config.js';

/** When a process that ended by itself is started again. */
export type RestartPolicy = 'never' | 'on-failure' | 'always';

/**
 * A group that runs: what slave code gets as `handler.groupConfig`, `preRunCheck` as its argument. All defaults are
 * filled in; the values are those of the block (`local`, or one of `remote`) that the process belongs to. Times are
 * seconds. Read-only.
 */
export interface GroupConfig {
  readonly name: string;
  readonly command: string;
  /** Parameters of the command: whatever YAML can say. */
  readonly params: Readonly<Record<string, any>>;
  /** Entry script of the console; false when `command` is a program of its own; undefined: the master's own script. */
  readonly console: string | false | undefined;
  /** Program that runs the console; undefined: the master's own node (or, without a console, none). */
  readonly binPath: string | undefined;
  /** Working directory; undefined: the master's. */
  readonly path: string | undefined;
  readonly priority: number;
  /** Silence after which a process counts as timed out; 0: never. */
  readonly timeout: number;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly restart: RestartPolicy;
  /** First delay before a restart; undefined: none at first, then 0.1 s doubling to 30 s. */
  readonly restartDelay: number | undefined;
  readonly maxRestarts: number;
  readonly restartWindow: number;
  /** MB of resident memory at which a process is stopped cleanly and started again; at 1.5x it is killed. Undefined: no limit. */
  readonly memoryLimit: number | undefined;
  /** Seconds after which a process is stopped cleanly and started again. Undefined: never. */
  readonly maxAge: number | undefined;
  /** Groups that must be ready before this one starts, and that stop after it. */
  readonly dependsOn: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How its processes are replaced by a rolling reload. */
  readonly reload: ReloadConfig;
  /** How items are handed out; undefined: no queue group. */
  readonly queue?: QueueConfig;
}

/** Which comes first when a process is replaced: its successor's start, or its own stop. */
export type ReloadOrder = 'start-first' | 'stop-first';

/** How the processes of a group are replaced by a rolling reload. Read-only. */
export interface ReloadConfig {
  /** Processes that are replaced at a time. */
  readonly batch: number;
  /** Seconds between two batches. */
  readonly pause: number;
  /** Of plain groups and consumers; a feeder is always stopped first. */
  readonly order: ReloadOrder;
}

/** What a group says about its rolling reload. Defaults: 1 at a time, no pause, `start-first` for consumers, `stop-first` for plain groups. */
export interface ReloadOptions {
  batch?: number;
  pause?: number;
  order?: ReloadOrder;
}

/** What `local` (and each `remote`) may say differently from its group. */
export interface BlockOptions {
  console?: string | false;
  binPath?: string;
  path?: string;
  priority?: number;
  timeout?: number;
  startTimeout?: number;
  stopTimeout?: number;
  restart?: RestartPolicy;
  restartDelay?: number;
  maxRestarts?: number;
  restartWindow?: number;
  /** MB; 0: no limit, also where the group has one. */
  memoryLimit?: number;
  maxAge?: number;
  env?: Record<string, string>;
}

/** A group as it is written down: in code, or by the loader from YAML. Times are seconds; for defaults see the configuration reference. */
export interface GroupOptions extends BlockOptions {
  name: string;
  command: string;
  params?: Record<string, any>;
  dependsOn?: string[];
  reload?: ReloadOptions;
  local?: BlockOptions & { instancesCount?: number };
  /** Processes on other hosts. */
  remote?: RemoteOptions[];
}

/** How a host is reached. Files are on the launcher's machine. */
export interface SshOptions {
  /** User on the host. Default: that of `hosts`, of `~/.ssh/config`, else the one that runs the launcher. */
  username?: string;
  /** Private key. Default: the SSH agent's, then `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa`. */
  privateKey?: string;
  /** Name of the environment variable that has the passphrase of an encrypted key. */
  passphraseEnv?: string;
  /** File with host keys. Default: `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`. */
  knownHosts?: string;
  /** What a host key must be: known; new or known; anything. Default `strict`. */
  hostKeyChecking?: 'strict' | 'accept-new' | 'off';
  /** Seconds without the launcher after which nothing runs on the host: at half of it processes are asked to stop, at its end killed. Default 30. */
  lease?: number;
  /** Seconds for network and login, and again for the start of the relay. Default: that of `~/.ssh/config`, else 10. */
  connectTimeout?: number;
}

/** Processes on other hosts: `instancesCount` on each. */
export interface RemoteOptions extends BlockOptions, SshOptions {
  instancesCount?: number;
  /** Each `host`, `host:port`, `user@host`, `[::1]:22` or an alias of `~/.ssh/config`. */
  hosts: string[];
}
