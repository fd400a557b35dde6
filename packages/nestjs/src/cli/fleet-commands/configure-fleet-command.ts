import type { ConsoleCommandObject } from '../console-types.js';
import { positionalArguments } from '../positional-arguments.js';
import type { FleetCall, FleetCommand } from './fleet-command.js';

/** Tells commander what the command takes. */
export function configureFleetCommand(object: ConsoleCommandObject, command: FleetCommand): void {
  object.description(command.description);
  object.allowExcessArguments(true).allowUnknownOption(true);
  for (const { name, description } of command.arguments ?? []) object.argument(name, description);
  for (const { flags, description } of command.options ?? []) object.option(flags, description);
  object.addHelpText('after', `\nExample:\n  node main.js ${command.example}`);
}

/** Runs the command by what commander has read. */
export function callFleetCommand(
  object: ConsoleCommandObject,
  command: FleetCommand,
  moduleConfig: FleetCall['moduleConfig'],
): Promise<number> {
  return command.run({ args: positionalArguments(object, object.args), options: object.opts(), moduleConfig });
}
