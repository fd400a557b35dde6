import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { CHANNEL_VARIABLE, SlaveSession } from '@distributed-architecture/core';
import { AbstractSlaveCommand } from '../commands/abstract-slave-command.js';
import { discoverCommands, hasConsole } from '../commands/discover-commands.js';
import { currentLogger, hasOwnLogger } from '../logging/current-logger.js';
import { slaveLogger } from '../logging/slave-logger.js';

/**
 * Makes a slave of an application that runs by plain `CommandFactory.run`: its commands get the session, its log goes
 * to the launcher also while the application shuts down. `runConsole` has its own, shorter way.
 */
@Injectable()
export class SlaveBinding implements OnApplicationBootstrap, OnApplicationShutdown {
  #session: SlaveSession | null = null;

  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  async onApplicationBootstrap(): Promise<void> {
    if (process.env[CHANNEL_VARIABLE] === undefined || !hasConsole(this.modules)) return;
    this.#session = await SlaveSession.open();
    if (this.#session !== null) this.#bind(this.#session);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#session?.close();
  }

  #bind(session: SlaveSession): void {
    // nest-commander switches logging off unless told otherwise; a slave's log belongs to the fleet.
    if (currentLogger() === undefined || !hasOwnLogger())
      Logger.overrideLogger(slaveLogger(session.handler.logger, 'shown'));
    for (const { wrapper } of discoverCommands(this.modules)) {
      const command: unknown = wrapper.instance;
      if (command instanceof AbstractSlaveCommand) command.useSession(session);
    }
  }
}
