import 'reflect-metadata';
import { COMMAND_META, type CommandMetadata } from './command-metadata.js';
import type { SlaveCommandBase } from './slave-command-base.js';

export interface SlaveCommandOptions {
  /** What the `command` of a group or queue group says. Unique in the application. */
  name: string;
  /** Shown by `--help`. */
  description?: string;
  /** Leaves the command out of `--help`; default false. */
  hidden?: boolean;
}

/**
 * Makes a class a slave command or a slave queue command. It writes what nest-commander's `@Command` writes, without loading nest-commander:
 * a slave boots without a command line's modules.
 */
export function SlaveCommand(options: SlaveCommandOptions) {
  const { name, description, hidden } = options;
  const metadata: CommandMetadata = { name, description: description ?? '', options: { hidden: hidden ?? false } };
  return (target: abstract new (...args: never[]) => SlaveCommandBase): void => {
    Reflect.defineMetadata(COMMAND_META, metadata, target);
  };
}
