import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** A pid file cannot be written: nothing is started. */
export class PidFileError extends DistributedArchitectureError {
  readonly code = 'PID_FILE';

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The pid file ${path} cannot be written: ${reason}. Give another by --pid or \`pid_path\``, { cause });
  }
}

/** A master that runs has this pid file. */
export class PidFileTakenError extends DistributedArchitectureError {
  readonly code = 'PID_FILE_TAKEN';
  override readonly exitCode = ExitCode.AlreadyRunning;

  constructor(
    readonly path: string,
    /** Process id of the master that runs. */
    readonly pid: number,
  ) {
    super(`A master runs already, pid ${pid} (${path}): stop it first, or give this one another pid file by --pid`);
  }
}
