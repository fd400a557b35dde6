import { ExitCode } from '@distributed-architecture/core';
import type { ConsoleCommandObject } from './console-types.js';
import { ReportedError } from './reported-error.js';

/** Makes commander leave a command line by an error instead of ending the process: 64 for what is wrong, 0 after help. */
export function overrideExit(command: ConsoleCommandObject): void {
  command.exitOverride((error) => {
    const exitCode = error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
    process.exitCode = exitCode;
    throw new ReportedError(exitCode);
  });
}

/** The same for a command and all commands below it. */
export function overrideExits(command: ConsoleCommandObject): void {
  overrideExit(command);
  for (const child of command.commands) overrideExits(child);
}
