import { DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** The application that `runConsole` was given has no DistributedArchitectureModule. */
export class ModuleMissingError extends DistributedArchitectureError {
  override readonly code = 'MODULE_MISSING';
  override readonly exitCode = ExitCode.Internal;

  constructor() {
    super(
      'The application has no fleet: add DistributedArchitectureModule.forRoot() to the imports of its root module',
    );
  }
}
