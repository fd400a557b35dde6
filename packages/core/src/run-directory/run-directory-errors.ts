import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** A launcher of the same fleet runs already, on this machine and of this user. */
export class FleetRunningError extends DistributedArchitectureError {
  readonly code = 'FLEET_RUNNING';
  override readonly exitCode = ExitCode.AlreadyRunning;

  constructor(
    readonly fleet: string,
    /** Process id of the launcher that runs. */
    readonly pid: number,
  ) {
    super(`A master of the fleet ${fleet} runs already, pid ${pid}: stop it first, or give this one another name`);
  }
}

/** The run directory, in which is kept what runs, cannot be used: nothing is started. */
export class RunDirectoryError extends DistributedArchitectureError {
  readonly code = 'RUN_DIRECTORY';

  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The run directory ${path} cannot be used: ${reason}`, options);
  }
}
