import { didYouMean, DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** The command line asks for something that there is not. */
export class UsageError extends DistributedArchitectureError {
  override readonly code: string = 'USAGE';
  override readonly exitCode = ExitCode.Usage;
}

/** No class of the application is a command of this name. */
export class UnknownCommandError extends UsageError {
  override readonly code = 'COMMAND_UNKNOWN';

  constructor(
    readonly command: string,
    known: readonly string[],
  ) {
    super(`Unknown command "${command}"${didYouMean(command, known)}`);
  }
}

/** The command exists, but a group cannot run it. */
export class NotASlaveCommandError extends UsageError {
  override readonly code = 'COMMAND_NOT_A_SLAVE';

  constructor(readonly command: string) {
    super(`Command "${command}" is no slave command: its class has to extend AbstractSlaveCommand`);
  }
}

/** The command exists, but a queue group cannot run it. */
export class NotASlaveQueueCommandError extends UsageError {
  override readonly code = 'COMMAND_NOT_A_QUEUE';

  constructor(readonly command: string) {
    super(`Command "${command}" is no slave queue command: its class has to extend AbstractSlaveQueueCommand`);
  }
}

/** The feeder of a queue group was started, but its command does not say where items come from. */
export class FeederMissingError extends UsageError {
  override readonly code = 'FEEDER_MISSING';

  constructor(readonly command: string) {
    super(`Command "${command}" has no getFeeder, so its queue group has no items`);
  }
}

/** Two classes claim one command. */
export class DuplicateCommandError extends DistributedArchitectureError {
  override readonly code = 'COMMAND_DUPLICATE';
  override readonly exitCode = ExitCode.Internal;
}
