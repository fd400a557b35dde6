import { didYouMean } from '../config/binding/suggest.js';
import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** There is no such group in the fleet. */
export class GroupUnknownError extends DistributedArchitectureError {
  readonly code = 'GROUP_UNKNOWN';
  override readonly exitCode = ExitCode.Usage;

  constructor(
    readonly group: string,
    known: readonly string[],
  ) {
    super(`There is no group "${group}"${didYouMean(group, known)}`);
  }
}

/** Only one reload, restart, scaling or change of the configuration runs at a time. */
export class ChangeRunningError extends DistributedArchitectureError {
  readonly code = 'CHANGE_RUNNING';

  constructor(
    /** What runs: `reload`, for example. */
    readonly running: string,
  ) {
    super(`Not now: a ${running} is under way. Try again when it has ended`);
  }
}
