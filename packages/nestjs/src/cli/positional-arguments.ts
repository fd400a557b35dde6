import { didYouMean } from '@distributed-architecture/core';
import { UsageError } from '../commands/command-errors.js';
import type { ConsoleCommandObject } from './console-types.js';

/**
 * What stands on the command line for the declared arguments of a command. commander lets through what it does not know, so
 * that the errors are ours.
 *
 * @param rest what is left when the options that are known are taken away
 * @throws UsageError for an option that is not known, or an argument too many
 */
export function positionalArguments(command: ConsoleCommandObject, rest: readonly string[]): readonly string[] {
  const literal = process.argv.includes('--') ? process.argv.length - 1 - process.argv.indexOf('--') : 0;
  const option = rest.slice(0, rest.length - literal).find((word) => word.startsWith('-'));
  if (option !== undefined) throw new UsageError(`Unknown option "${option}"${didYouMean(option, optionsOf(command))}`);
  const excess = rest[command.registeredArguments.length];
  if (excess !== undefined) throw new UsageError(`Unexpected argument "${excess}" of ${command.name()}`);
  return rest;
}

function optionsOf(command: ConsoleCommandObject): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}
