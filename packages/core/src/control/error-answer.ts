import { ConfigError, type ConfigProblem } from '../config/config-error.js';
import { DependencyError } from '../config/dependency-error.js';
import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import {
  ChangeRunningError,
  ControlConnectionError,
  ControlFailedError,
  ControlRequestError,
  ControlUnsupportedError,
  GroupUnknownError,
} from './control-errors.js';

/** What a control socket says when it cannot do what it was asked for. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** What the error is made of again at the other end. */
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** Another master is meant. */
export const MISDIRECTED = 421;

const INTERNAL = 500;

/** An error as an HTTP status and its JSON. */
export function answerOf(error: unknown): readonly [status: number, ErrorAnswer] {
  const code = error instanceof DistributedArchitectureError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const details = detailsOf(error);
  return [statusOf(error), { error: { code, message, ...(details && { details }) } }];
}

function statusOf(error: unknown): number {
  if (error instanceof ControlRequestError) return error.status;
  if (error instanceof GroupUnknownError) return 404;
  if (error instanceof ChangeRunningError || error instanceof LauncherStateError) return 409;
  if (error instanceof ConfigError || error instanceof DependencyError) return 422;
  return error instanceof ControlUnsupportedError ? 501 : INTERNAL;
}

function detailsOf(error: unknown): Readonly<Record<string, unknown>> | undefined {
  if (error instanceof GroupUnknownError) return { group: error.group, known: error.known };
  if (error instanceof ChangeRunningError) return { running: error.running };
  if (error instanceof ConfigError || error instanceof DependencyError) return { problems: error.problems };
  return undefined;
}

/** The same error at the other end. */
export function errorOf(status: number, { error: { code, message, details = {} } }: ErrorAnswer): Error {
  switch (code) {
    case 'GROUP_UNKNOWN':
      return new GroupUnknownError(details.group as string, details.known as string[]);
    case 'CHANGE_RUNNING':
      return new ChangeRunningError(details.running as string);
    case 'CONFIG_INVALID':
      return new ConfigError(details.problems as ConfigProblem[]);
    case 'DEPENDENCY_INVALID':
      return new DependencyError(details.problems as string[]);
    case 'LAUNCHER_STATE':
      return new LauncherStateError(message);
    case 'CONTROL_UNSUPPORTED':
      return new ControlUnsupportedError(message);
    case 'CONTROL_REQUEST':
      // Nothing is wrong with the request: it has come to another master.
      if (status === MISDIRECTED) return new ControlConnectionError(message);
      return new ControlRequestError(status, message);
    default:
      return new ControlFailedError(code, message);
  }
}
