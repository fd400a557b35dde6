import { DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** What shall feed a queue group is neither a feeder nor anything with items. */
export class FeederInvalidError extends DistributedArchitectureError {
  readonly code = 'FEEDER_INVALID';
  override readonly exitCode = ExitCode.Internal;

  constructor(given: unknown) {
    const what = given === null ? 'null' : typeof given;
    super(`A feeder has a method get or getMany, or is an iterable or an ItemSource; this ${what} is not`);
  }
}
