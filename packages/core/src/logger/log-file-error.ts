import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';

/** A log file cannot be opened: nothing is started. */
export class LogFileError extends DistributedArchitectureError {
  readonly code = 'LOG_FILE';

  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The log ${path} cannot be written: ${reason}. Give another by --log or \`log.path\``, { cause });
  }
}
