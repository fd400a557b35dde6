import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/**
 * What a restart or a scaling has begun did not come to its end in time, or the fleet stops. What was begun is left as it is; a
 * group of which the old processes could not be replaced is put back.
 */
export class ChangeFailedError extends DistributedArchitectureError {
  readonly code = 'CHANGE_FAILED';

  constructor(
    /** What was under way: `Restart of group X`, for example. */
    readonly change: string,
    readonly reason: string,
  ) {
    super(`${change} has not come to its end: ${reason}`);
  }
}

/** A group cannot have so many processes. */
export class ProcessCountError extends DistributedArchitectureError {
  readonly code = 'PROCESS_COUNT';
  override readonly exitCode = ExitCode.Usage;

  constructor(
    readonly group: string,
    readonly count: number,
    most: number,
  ) {
    super(`Group "${group}" cannot have ${count} processes: expected a whole number from 1 to ${most}`);
  }
}
