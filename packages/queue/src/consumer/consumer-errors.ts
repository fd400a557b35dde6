import { DistributedArchitectureError } from '@distributed-architecture/core';

/** The feeder does not take this consumer, now or later. */
export class FeedRefusedError extends DistributedArchitectureError {
  override readonly code = 'FEED_REFUSED';

  constructor(address: string, reason: string) {
    super(`The feeder at ${address} refuses this consumer: ${reason}`);
  }
}
