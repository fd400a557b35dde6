import { Logger, type INestApplicationContext } from '@nestjs/common';
import { LOG_LEVELS, TextLogSink } from '@distributed-architecture/core';
import { CommandFactory } from 'nest-commander';
import { chooseLogger } from '../logging/choose-logger.js';
import { FleetLogger } from '../logging/fleet-logger.js';
import { RecordLogger } from '../logging/record-logger.js';
import { RUN_MASTER_COMMAND } from '../module/tokens.js';
import { asksForMaster } from '../role/detect-role.js';
import { ProcessRole, type ProcessRoleName } from '../role/process-role.js';
import { closeWithin, configure } from './application-life.js';
import { ConsoleCommand } from './console-command.js';
import type { ConsoleOptions, LoadedRoot } from './console-options.js';
import { overrideExits } from './exit-override.js';
import { ModuleMissingError } from './module-missing-error.js';
import { reportCommandError } from './report-error.js';

/** How a command line has ended. */
export interface CommandLineResult {
  readonly role: ProcessRoleName;
  readonly exitCode: number;
}

/** Boots the application under nest-commander and runs the command that the command line names. */
export async function runCommandLineApplication(root: LoadedRoot, options: ConsoleOptions): Promise<CommandLineResult> {
  const { app, role } = await boot(root, options);
  let exitCode: number;
  try {
    await configure(app, options);
    await CommandFactory.runApplication(app);
    exitCode = Number(process.exitCode ?? 0);
  } catch (error) {
    exitCode = reportCommandError(error);
  }
  await closeWithin(app);
  process.exitCode = exitCode;
  return { role, exitCode };
}

async function boot(root: LoadedRoot, options: ConsoleOptions) {
  const logger = await chooseLogger(options.logger, makeLogger);
  const app = await CommandFactory.createWithoutRunning(root, {
    logger,
    abortOnError: false,
    serviceErrorHandler: rethrow,
  });
  overrideExits(ourCommand(app).commandLine);
  const role = app.get(ProcessRole, { strict: false }).name;
  if (role !== 'master' && logger instanceof FleetLogger) Logger.overrideLogger(printingLike(logger));
  return { app, role };
}

/** Which role it is shows only when the application is there; until then the command line has to do. */
function makeLogger(): RecordLogger {
  const master = asksForMaster(process.argv, () => false);
  if (!master) return new RecordLogger(undefined, 'left-out');
  // What is asked for is on stdout, for the next program.
  const reports = ['--check', '--plan'].some((option) => process.argv.includes(option));
  return new FleetLogger(new TextLogSink(reports ? process.stderr : process.stdout));
}

/** A logger that prints as Nest does, at the same levels. */
function printingLike(logger: FleetLogger): RecordLogger {
  const printing = new RecordLogger(undefined, 'left-out');
  printing.setLogLevels(LOG_LEVELS.filter((level) => logger.isLevelEnabled(level)));
  return printing;
}

function ourCommand(app: INestApplicationContext): ConsoleCommand<object> {
  try {
    return app.get<ConsoleCommand<object>>(RUN_MASTER_COMMAND, { strict: false });
  } catch {
    throw new ModuleMissingError();
  }
}

function rethrow(error: Error): never {
  throw error;
}
