import { didYouMean } from '../config/binding/suggest.js';
import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** There is no such group in the fleet. */
export class GroupUnknownError extends DistributedArchitectureError {
  readonly code = 'GROUP_UNKNOWN';
  override readonly exitCode = ExitCode.Usage;

  constructor(
    readonly group: string,
    readonly known: readonly string[],
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

/** A request to a control socket that is wrong in itself: the path, the method, a parameter. */
export class ControlRequestError extends DistributedArchitectureError {
  readonly code = 'CONTROL_REQUEST';
  override readonly exitCode = ExitCode.Usage;

  constructor(
    /** 400, or what says more. */
    readonly status: number,
    message: string,
    /** Methods that there are, where the method was wrong. */
    readonly allowed = '',
  ) {
    super(message);
  }
}

/** What this master cannot do: for example to start itself again, when it runs in the foreground. */
export class ControlUnsupportedError extends DistributedArchitectureError {
  readonly code = 'CONTROL_UNSUPPORTED';
}

/** There is no master where one was looked for. */
export class MasterNotRunningError extends DistributedArchitectureError {
  readonly code = 'MASTER_NOT_RUNNING';

  constructor(
    /** Where it would listen, or what says where. */
    readonly place: string,
    options?: ErrorOptions,
  ) {
    super(`No master is running: ${place} was looked for`, options);
  }
}

/** A master did not answer in time, or ended before it had, or another one has answered. */
export class ControlConnectionError extends DistributedArchitectureError {
  readonly code = 'CONTROL_CONNECTION';
}

/** A master could not do what it was asked for; the text is its own. */
export class ControlFailedError extends DistributedArchitectureError {
  readonly code = 'CONTROL_FAILED';

  constructor(
    /** Of the error, as the master has it. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
