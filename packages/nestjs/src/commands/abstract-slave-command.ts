import {
  ExitCode,
  SlaveSession,
  type GroupConfig,
  type Logger,
  type SlaveHandler,
} from '@distributed-architecture/core';
import { CommandBase } from './command-base.js';

/**
 * Base of a slave command. It is a command of nest-commander in all but its import, so that a slave need not load
 * nest-commander, while `node main.js <name>` works on any command line.
 */
export abstract class AbstractSlaveCommand extends CommandBase {
  /**
   * True: `runSlave` says itself when it is ready, by `handler.ready()`, within `start_timeout`. By default a slave is
   * ready when the application has booted.
   */
  readonly manualReady: boolean = false;
  #session: SlaveSession | undefined;

  /**
   * The work. The process ends when it returns; an error ends it with exit code 1.
   *
   * @param handler the launcher as this slave sees it; null when the command was started by hand
   */
  abstract runSlave(handler: SlaveHandler | null): Promise<void>;

  /**
   * Called once per group, in the master, before anything is started. When it returns false or throws, the group is
   * not run; the others are.
   */
  preRunCheck(_group: GroupConfig, _logger: Logger): boolean | Promise<boolean> {
    return true;
  }

  /** The session that the module opened for this process: it outlives the command, for the log of the shutdown. */
  useSession(session: SlaveSession): void {
    this.#session = session;
  }

  /** Called by nest-commander: when the application runs by `CommandFactory.run`, or the command was started by hand. */
  override async run(): Promise<void> {
    const session = this.#session ?? (await SlaveSession.open());
    if (session === null) return this.#runByHand();
    process.exitCode = await session.run((handler) => this.runSlave(handler), this);
    if (this.#session === undefined) await session.close();
  }

  async #runByHand(): Promise<void> {
    try {
      await this.runSlave(null);
    } catch (error) {
      // Plain `CommandFactory.run` prints the error and forgets it.
      process.exitCode = ExitCode.Failure;
      throw error;
    }
  }
}
