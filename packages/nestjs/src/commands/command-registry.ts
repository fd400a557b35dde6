import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { DuplicateCommandError } from './command-errors.js';
import { discoverCommands, type DiscoveredCommand } from './discover-commands.js';

/** The application's commands, by name. */
@Injectable()
export class CommandRegistry {
  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ModuleRef) private readonly moduleRef: Pick<ModuleRef, 'resolve'>,
  ) {}

  /** Names and aliases of all commands. */
  names(): string[] {
    return discoverCommands(this.modules).flatMap(namesOf);
  }

  /** The class that runs `name`, or undefined when none does. */
  discover(name: string): DiscoveredCommand | undefined {
    return discoverCommands(this.modules).find((command) => namesOf(command).includes(name));
  }

  /** The instance that runs `name`, or undefined when no class does. */
  async find(name: string): Promise<unknown> {
    const found = this.discover(name);
    if (found === undefined) return undefined;
    if (found.wrapper.isDependencyTreeStatic()) return found.wrapper.instance;
    return this.moduleRef.resolve<unknown>(found.wrapper.token as string, undefined, { strict: false });
  }

  /**
   * nest-commander runs the first of two commands of one name, and mixes up the options of two classes of one name.
   *
   * @throws DuplicateCommandError
   */
  assertUnique(): void {
    const commands = discoverCommands(this.modules);
    const name = firstTwice(commands.flatMap(namesOf));
    if (name !== undefined) throw new DuplicateCommandError(`Two classes are commands named "${name}": rename one`);
    const type = firstTwice(commands.map((command) => command.type.name));
    if (type !== undefined) throw new DuplicateCommandError(`Two command classes are named ${type}: rename one class`);
  }
}

function namesOf({ metadata }: DiscoveredCommand): string[] {
  return [metadata.name, ...(metadata.aliases ?? [])];
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
