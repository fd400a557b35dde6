/**
 * Base of every error that these packages throw on purpose.
 *
 * `code` is stable and documented in docs/errors.md; the text says what happened, to what, and what to do about it.
 */
export abstract class DistributedArchitectureError extends Error {
  /** Stable identifier, for programs. */
  abstract readonly code: string;

  /** Exit code of a command that ends with this error (sysexits.h). */
  readonly exitCode: number = ExitCode.Failure;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Exit codes of the commands. 64 and above are those of sysexits.h. */
export const ExitCode = {
  /** Clean end, also after `--max-running-time`. */
  Ok: 0,
  /** A process failed for good, the master timed out, or preRunCheck left nothing to run. */
  Failure: 1,
  /** Bad command line, unknown command or group. */
  Usage: 64,
  /** A defect of ours or of the application, outside its processes. */
  Internal: 70,
  /** A master of this fleet runs already. */
  AlreadyRunning: 75,
  /** The configuration is invalid. */
  Config: 78,
} as const;
