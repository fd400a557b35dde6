import type { INestApplicationContext } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { DistributedArchitectureError, ExitCode, type SlaveSession } from '@distributed-architecture/core';
import { configure } from '../cli/application-life.js';
import type { ConsoleOptions, LoadedRoot } from '../cli/console-options.js';
import { NotASlaveCommandError, UnknownCommandError } from '../commands/command-errors.js';
import { CommandRegistry } from '../commands/command-registry.js';
import { SlaveCommandBase } from '../commands/slave-command-base.js';
import { chooseLogger } from '../logging/choose-logger.js';
import { slaveLogger } from '../logging/slave-logger.js';
import { findLauncherLine } from './launcher-line.js';

export interface SlaveApplication {
  readonly root: LoadedRoot;
  /** Name of the command that the launcher wants. */
  readonly command: string;
  readonly options: ConsoleOptions;
}

/**
 * Boots the application and runs one slave command in it, without a command line's modules.
 *
 * @returns the exit code; errors are in the launcher's log
 */
export async function runSlaveApplication(session: SlaveSession, slave: SlaveApplication): Promise<number> {
  let exitCode: number;
  try {
    exitCode = await runApplication(session, slave);
  } catch (error) {
    exitCode = fail(session, error);
  }
  await session.close();
  return exitCode;
}

async function runApplication(session: SlaveSession, slave: SlaveApplication): Promise<number> {
  const app = await boot(session, slave);
  try {
    return await runCommand(session, slave, app);
  } finally {
    await app.close();
  }
}

async function boot(session: SlaveSession, { root, options }: SlaveApplication): Promise<INestApplicationContext> {
  const logger = await chooseLogger(options.logger, () => slaveLogger(session, 'left-out'));
  const app = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
  findLauncherLine(app)?.bind(session);
  await configure(app, options);
  return app;
}

async function runCommand(
  session: SlaveSession,
  slave: SlaveApplication,
  app: INestApplicationContext,
): Promise<number> {
  const registry = new CommandRegistry(app.get(ModulesContainer), app);
  registry.assertUnique();
  const found = registry.discover(slave.command);
  if (found === undefined) throw new UnknownCommandError(slave.command, registry.names());
  const command = await registry.find(slave.command);
  if (!(command instanceof SlaveCommandBase)) throw new NotASlaveCommandError(slave.command);
  return command.runAsSlave(session, { moduleRef: app, wrapper: found.wrapper });
}

/** A stack is of use for defects only, not for what the user can put right by reading. */
function fail(session: SlaveSession, error: unknown): number {
  const known = error instanceof DistributedArchitectureError;
  const exitCode = known ? error.exitCode : ExitCode.Internal;
  session.fail(known ? error.message : error, exitCode);
  return exitCode;
}
