import {
  DistributedArchitectureError,
  ExitCode,
  SlaveSession,
  type GroupConfig,
  type Logger,
} from '@distributed-architecture/core';
import { CommandBase } from './command-base.js';
import type { CommandHost } from './command-host.js';

/**
 * What all slave commands have in common. They are commands of nest-commander in all but their import, so that a slave
 * need not load nest-commander, while `node main.js <name>` works on any command line.
 */
export abstract class SlaveCommandBase extends CommandBase {
  #session: SlaveSession | undefined;
  #host: CommandHost | undefined;

  /**
   * Called once per group, in the master, before anything is started. When it returns false or throws, the group is
   * not run; the others are.
   */
  preRunCheck(_group: GroupConfig, _logger: Logger): boolean | Promise<boolean> {
    return true;
  }

  /**
   * Does the work as the slave that the session is.
   *
   * @param host the application of the command; undefined: it is an application without our module
   * @returns the exit code
   */
  abstract runAsSlave(session: SlaveSession, host: CommandHost | undefined): Promise<number>;

  /** What the command does when no launcher has started it. */
  protected abstract runByHand(): Promise<void>;

  /** The session that the module opened for this process: it outlives the command, for the log of the shutdown. */
  useSession(session: SlaveSession, host?: CommandHost): void {
    this.#session = session;
    this.#host = host;
  }

  /** Called by nest-commander: when the application runs by `CommandFactory.run`, or the command was started by hand. */
  override async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      // Plain `CommandFactory.run` prints the error and forgets it.
      process.exitCode = error instanceof DistributedArchitectureError ? error.exitCode : ExitCode.Failure;
      throw error;
    }
  }

  async #run(): Promise<void> {
    const session = this.#session ?? (await SlaveSession.open());
    if (session === null) return this.runByHand();
    try {
      process.exitCode = await this.runAsSlave(session, this.#host);
    } finally {
      if (this.#session === undefined) await session.close();
    }
  }
}
