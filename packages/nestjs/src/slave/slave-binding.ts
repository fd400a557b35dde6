import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { CHANNEL_VARIABLE, isListener, isRelay, runRelay, SlaveSession } from '@distributed-architecture/core';
import type { CommandHost } from '../commands/command-host.js';
import { discoverCommands, hasConsole } from '../commands/discover-commands.js';
import { SlaveCommandBase } from '../commands/slave-command-base.js';
import { currentLogger, hasOwnLogger } from '../logging/current-logger.js';
import { slaveLogger } from '../logging/slave-logger.js';
import { LauncherLine } from './launcher-line.js';

/**
 * Makes a slave of an application that runs by plain `CommandFactory.run`: its commands get the session, its log goes
 * to the launcher also while the application shuts down. `runConsole` has its own, shorter way.
 */
@Injectable()
export class SlaveBinding implements OnApplicationBootstrap, OnApplicationShutdown {
  #session: SlaveSession | null = null;

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(LauncherLine) private readonly line: LauncherLine,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (isRelay() && hasConsole(this.modules)) return runRelay();
    if (isListener() && hasConsole(this.modules))
      throw new Error('hostEvents needs runConsole(AppModule) as the entry');
    if (process.env[CHANNEL_VARIABLE] === undefined || !hasConsole(this.modules)) return;
    this.#session = await SlaveSession.open();
    if (this.#session !== null) await this.#bind(this.#session);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#session?.close();
  }

  async #bind(session: SlaveSession): Promise<void> {
    this.line.bind(session);
    // nest-commander switches logging off unless told otherwise; a slave's log belongs to the fleet.
    if (currentLogger() === undefined || !hasOwnLogger()) Logger.overrideLogger(await slaveLogger(session, 'shown'));
    for (const { wrapper } of discoverCommands(this.modules)) {
      const command: unknown = wrapper.instance;
      if (command instanceof SlaveCommandBase) bindCommand(command, session, { moduleRef: this.moduleRef, wrapper });
    }
  }
}

function bindCommand(command: SlaveCommandBase, session: SlaveSession, host: CommandHost): void {
  const { moduleRef, wrapper } = host;
  if (wrapper.isDependencyTreeStatic()) return command.useSession(session, host);
  // Of a command with request scope there is an empty object only, which nest-commander would run.
  const run = async (): Promise<void> => {
    const token = wrapper.token as string;
    const made = await moduleRef.resolve<SlaveCommandBase>(token, undefined, { strict: false });
    made.useSession(session, host);
    await made.run();
  };
  Object.assign(command, { run });
}
