import { didYouMean } from '@distributed-architecture/core';
import { CommandRunner } from 'nest-commander';
import { UnknownCommandError, UsageError } from '../commands/command-errors.js';
import type { ConsoleCommandObject } from './console-types.js';
import { overrideExit } from './exit-override.js';
import { reportError } from './report-error.js';

/**
 * Base of our commands: their exit codes are the documented ones, by `runConsole` and by plain `CommandFactory.run`,
 * where errors would end with exit code 0.
 */
export abstract class ConsoleCommand<Options extends object> extends CommandRunner {
  /** @returns the exit code; what it throws is reported on stderr, with the error's own exit code or 70 */
  protected abstract execute(options: Options): Promise<number>;

  override setCommand(command: ConsoleCommandObject): this {
    overrideExit(command);
    // What is too much is refused in `run`: for the default command it is most likely the name of another command.
    command.allowExcessArguments(true).allowUnknownOption(true);
    return super.setCommand(command);
  }

  override async run(rest: string[], options?: Record<string, unknown>): Promise<void> {
    try {
      this.#refuse(rest);
      process.exitCode = await this.execute((options ?? {}) as Options);
    } catch (error) {
      process.exitCode = reportError(error);
    }
  }

  /** @throws UsageError when something on the command line is left over */
  #refuse([first]: readonly string[]): void {
    if (first === undefined) return;
    if (first.startsWith('-')) throw new UsageError(`Unknown option "${first}"${didYouMean(first, this.#options())}`);
    if (process.argv[2] === first) throw new UnknownCommandError(first, this.#commands());
    throw new UsageError(`Unexpected argument "${first}" of ${this.command.name()}`);
  }

  /** commander's object for the whole command line. */
  get commandLine(): ConsoleCommandObject {
    return this.command.parent ?? this.command;
  }

  #options(): string[] {
    return this.command.options.flatMap(({ long }) => long ?? []);
  }

  #commands(): string[] {
    return this.commandLine.commands.map((command) => command.name());
  }
}
