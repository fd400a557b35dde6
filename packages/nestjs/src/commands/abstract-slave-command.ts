import type { SlaveHandler, SlaveSession } from '@distributed-architecture/core';
import { NotASlaveQueueCommandError } from './command-errors.js';
import { SlaveCommandBase } from './slave-command-base.js';

/** Base of the command of a group. */
export abstract class AbstractSlaveCommand extends SlaveCommandBase {
  /**
   * True: `runSlave` says itself when it is ready, by `handler.ready()`, within `start_timeout`. By default a slave is
   * ready when the application has booted.
   */
  readonly manualReady: boolean = false;

  /**
   * The work. The process ends when it returns; an error ends it with exit code 1.
   *
   * @param handler the launcher as this slave sees it; null when the command was started by hand
   */
  abstract runSlave(handler: SlaveHandler | null): Promise<void>;

  override runAsSlave(session: SlaveSession): Promise<number> {
    if (session.queue !== undefined) throw new NotASlaveQueueCommandError(session.handler.groupConfig.command);
    return session.run((handler) => this.runSlave(handler), this);
  }

  protected override runByHand(): Promise<void> {
    return this.runSlave(null);
  }
}
