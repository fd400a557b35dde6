import { DistributedArchitectureError } from '@distributed-architecture/core';

/** What came over a connection of the feed is not what the protocol allows. That connection ends, nothing else. */
export class FeedProtocolError extends DistributedArchitectureError {
  override readonly code = 'FEED_PROTOCOL';
}
