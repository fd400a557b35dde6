import { CommandRunner } from 'nest-commander';
import { UnknownCommandError } from '../commands/command-errors.js';
import type { ConsoleCommandObject } from './console-types.js';
import { overrideExit } from './exit-override.js';
import { positionalArguments } from './positional-arguments.js';
import { reportError } from './report-error.js';

/**
 * Base of our commands: their exit codes are the documented ones, by `runConsole` and by plain `CommandFactory.run`,
 * where errors would end with exit code 0.
 */
export abstract class ConsoleCommand<Options extends object> extends CommandRunner {
  /**
   * @param positionals what stands for the arguments that the command has declared (`command.argument`)
   * @returns the exit code; what it throws is reported on stderr, with the error's own exit code or 70
   */
  protected abstract execute(options: Options, positionals: readonly string[]): Promise<number>;

  override setCommand(command: ConsoleCommandObject): this {
    overrideExit(command);
    // What is too much is refused in `run`: for the default command it is most likely the name of another command.
    command.allowExcessArguments(true).allowUnknownOption(true);
    return super.setCommand(command);
  }

  override async run(rest: string[], options?: Record<string, unknown>): Promise<void> {
    try {
      this.#refuseUnknownCommand(rest);
      const positionals = positionalArguments(this.command, rest);
      process.exitCode = await this.execute((options ?? {}) as Options, positionals);
    } catch (error) {
      process.exitCode = reportError(error);
    }
  }

  /** @throws UnknownCommandError for the default command, when another was meant */
  #refuseUnknownCommand([first]: readonly string[]): void {
    if (first === undefined || first.startsWith('-') || process.argv[2] !== first) return;
    throw new UnknownCommandError(first, this.#commands());
  }

  /** commander's object for the whole command line. */
  get commandLine(): ConsoleCommandObject {
    return this.command.parent ?? this.command;
  }

  #commands(): string[] {
    return this.commandLine.commands.map((command) => command.name());
  }
}
