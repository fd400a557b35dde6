import { DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** A feeder cannot listen where it was told to. */
export class FeedAddressError extends DistributedArchitectureError {
  readonly code = 'FEED_ADDRESS';
  override readonly exitCode = ExitCode.Config;

  constructor(
    /** The path, or host and port. */
    readonly address: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The feeder cannot listen on ${address}: ${reason}`, options);
  }
}
