import { DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** `FleetHealthIndicator` needs @nestjs/terminus, which is not installed or not among the application's modules. */
export class TerminusMissingError extends DistributedArchitectureError {
  override readonly code = 'TERMINUS_MISSING';
  override readonly exitCode = ExitCode.Internal;

  constructor(cause: unknown) {
    const remedy = isNotInstalled(cause)
      ? '@nestjs/terminus is not installed: npm install @nestjs/terminus'
      : 'there is no HealthIndicatorService: add TerminusModule to the imports of the module';
    super(`FleetHealthIndicator cannot work: ${remedy}`, { cause });
  }
}

/** A process that no launcher has started can only tell of the master that it is told of. */
export class FleetHealthTargetError extends DistributedArchitectureError {
  override readonly code = 'FLEET_HEALTH_TARGET';
  override readonly exitCode = ExitCode.Internal;

  constructor(key: string) {
    super(
      `The health check "${key}" does not say of which master: no launcher has started this process. Give isHealthy one of pidFile, socket and url`,
    );
  }
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
