import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** Groups given in code depend on one that there is not, or on each other in a circle. */
export class DependencyError extends DistributedArchitectureError {
  readonly code = 'DEPENDENCY_INVALID';
  override readonly exitCode = ExitCode.Config;

  /** @param problems one for each dependency that is wrong */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
