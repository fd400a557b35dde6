import { createRequire } from 'node:module';
import type { ConsoleOptions, RootModule } from '../console-options.js';
import type { ConsoleCommandObject } from '../console-types.js';
import { overrideExits } from '../exit-override.js';
import { loadRoot, isLoader } from '../load-root.js';
import { callFleetCommand, configureFleetCommand } from './configure-fleet-command.js';
import { findFleetCommand } from './find-fleet-command.js';
import type { FleetCommandName } from './fleet-command-names.js';

interface Commander {
  readonly Command: new (name?: string) => ConsoleCommandObject;
}

/** Only the application itself can say where its configuration is, or it has a command of this name. */
class NeedsApplication extends Error {}

/**
 * Runs a command that looks at a fleet without booting the application; where that is not even loaded yet, without loading
 * it, unless it has to say where the configuration is.
 *
 * @returns the exit code; undefined: the application has to be booted for it
 */
export async function runFleetCommand(
  name: FleetCommandName,
  root: RootModule,
  options: ConsoleOptions,
): Promise<number | undefined> {
  try {
    if (!isLoader(root)) await lookAt(root, name);
    return await run(name, async () => options.config ?? (await lookAt(root, name)).config);
  } catch (error) {
    if (error instanceof NeedsApplication) return undefined;
    return report(error);
  }
}

async function run(name: FleetCommandName, moduleConfig: () => Promise<ModuleConfig>): Promise<number> {
  const command = await findFleetCommand(name);
  const { Command } = loadCommander();
  const program = new Command();
  const object = new Command(name);
  configureFleetCommand(object, command);
  program.addCommand(object);
  overrideExits(program);
  let exitCode = 0;
  object.action(async () => {
    exitCode = await callFleetCommand(object, command, moduleConfig);
  });
  await program.parseAsync(process.argv);
  return exitCode;
}

type ModuleConfig = Awaited<ReturnType<typeof lookAt>>['config'];

/** @throws NeedsApplication */
async function lookAt(root: RootModule, name: FleetCommandName) {
  const { lookAtModules } = await import('../../module/look-at-modules.js');
  const { options, commands } = lookAtModules(await loadRoot(root));
  if (options === undefined || commands.has(name)) throw new NeedsApplication();
  return options;
}

/** That of nest-commander, so that both ways take and print the same. */
function loadCommander(): Commander {
  return createRequire(import.meta.resolve('nest-commander'))('commander') as Commander;
}

/** Nest's logger, with Nest, is loaded for a defect only. */
async function report(error: unknown): Promise<number> {
  const { reportKnown } = await import('../report-known-error.js');
  const known = reportKnown(error);
  if (known !== undefined) return known;
  const { reportError } = await import('../report-error.js');
  return reportError(error);
}
