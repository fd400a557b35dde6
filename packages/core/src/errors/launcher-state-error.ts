import { DistributedArchitectureError, ExitCode } from './distributed-architecture-error.js';

/** A launcher was asked for something that it cannot do in its state. */
export class LauncherStateError extends DistributedArchitectureError {
  readonly code = 'LAUNCHER_STATE';
  override readonly exitCode = ExitCode.Internal;
}
