import type { CommandRunner } from 'nest-commander';

type ConsoleCommandObject = Parameters<CommandRunner['setCommand']>[0];

/** What nest-commander's CommandRunner does, without loading nest-commander. */
abstract class LightCommandRunner {
  protected command!: ConsoleCommandObject;

  static registerWithSubCommands(): unknown[] {
    return [this];
  }

  setCommand(command: ConsoleCommandObject): this {
    this.command = command;
    return this;
  }
}

/**
 * Base of slave commands: for the compiler nest-commander's CommandRunner, so that `@Command` takes them. Its protected
 * member makes any other class a stranger to the compiler, whatever it can do.
 */
export const CommandBase = LightCommandRunner as unknown as typeof CommandRunner;
