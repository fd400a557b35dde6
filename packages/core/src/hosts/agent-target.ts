import type { SshOptions } from '../config/group-config.js';

/** An agent that a launcher needs: where it runs, and how that host is reached. */
export interface AgentTarget {
  /** Names it within a run: `user`, `host`, `port`, `path` and `binPath` make an agent, whatever else differs. */
  readonly key: string;
  /** As in the configuration, without the user and the port: the name of the host in the log. */
  readonly name: string;
  /** Host, address or alias to connect to. */
  readonly host: string;
  /** Undefined: what `~/.ssh/config` says, else 22. */
  readonly port?: number;
  /** Working directory on the host; `~` is the user's home. Undefined: the launcher's. */
  readonly path?: string;
  /** Program that runs the console on the host. Undefined: the launcher's own node. */
  readonly binPath?: string;
  /**
   * Entry script of the console whose hidden command `run-agent` is the agent, relative to `path`. Undefined: the
   * launcher's own, at the place that it has relative to its working directory.
   */
  readonly console?: string;
  /** `username` is that of the host where it names one. */
  readonly ssh: SshOptions;
}
