import type { Type } from '@nestjs/common';
import { COMMAND_META, type CommandMetadata } from '../../commands/command-metadata.js';
import type { DistributedArchitectureModuleOptions } from '../../module/module-options.js';
import { ConsoleCommand } from '../console-command.js';
import type { ConsoleCommandObject } from '../console-types.js';
import { callFleetCommand, configureFleetCommand } from './configure-fleet-command.js';
import type { FleetCommand } from './fleet-command.js';

/** A class of nest-commander that runs the command. Each has a name of its own: nest-commander tells classes by it. */
export function fleetCommandClass(
  command: FleetCommand,
  { config }: DistributedArchitectureModuleOptions,
): Type<ConsoleCommand<object>> {
  class RunsFleetCommand extends ConsoleCommand<object> {
    override setCommand(object: ConsoleCommandObject): this {
      configureFleetCommand(object, command);
      return super.setCommand(object);
    }

    protected override execute(): Promise<number> {
      return callFleetCommand(this.command, command, () => Promise.resolve(config));
    }
  }
  Object.defineProperty(RunsFleetCommand, 'name', { value: `FleetCommand ${command.name}` });
  const metadata: CommandMetadata = { name: command.name, description: command.description };
  Reflect.defineMetadata(COMMAND_META, metadata, RunsFleetCommand);
  return RunsFleetCommand;
}
