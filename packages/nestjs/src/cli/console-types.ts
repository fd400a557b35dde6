import type { CommandRunner } from 'nest-commander';

/** commander's object for a command, in the version that nest-commander brings. */
export type ConsoleCommandObject = Parameters<CommandRunner['setCommand']>[0];
