import { assertLoadedOnce } from '@distributed-architecture/core';

export { ConsumerClient, type ConsumerClientOptions } from './consumer/consumer-client.js';
export { FeedRefusedError } from './consumer/consumer-errors.js';
export type { ConsumerPhase } from './consumer/consumer-state.js';
export { currentItem, type ItemContext } from './consumer/item-context.js';
export { itemLogger, tagOutput } from './consumer/item-log.js';
export type { ItemHandler } from './consumer/lanes.js';
export { FeederServer } from './feeder/feeder-server.js';
export type { FeederListener, FeederOptions, FeederStatistics } from './feeder/feeder-options.js';
export { FeedProtocolError } from './protocol/feed-protocol-error.js';
export { runQueueSlave } from './slave/run-queue-slave.js';
export { NotInQueueGroupError } from './slave/queue-slave-errors.js';
export type { QueueHandler } from './slave/queue-handler.js';
export type { QueueFeeder, QueueWork } from './slave/queue-work.js';
export { runQueueWork } from './slave/run-queue-work.js';
export type { Feeder, FeederLike } from './source/feeder.js';
export { FeederInvalidError } from './source/feeder-invalid-error.js';
export { ItemFailedError, type ItemFailure, type ItemFailureKind } from './source/item-errors.js';
export type { Claimed, FailedItem, ItemSource, SourceCapabilities, SourceContext } from './source/item-source.js';
export { FeedAddressError } from './transport/feed-address-error.js';
export type { ByteLink, ByteLinkListener, FeedAddress, LinkConnector } from './transport/byte-link.js';

assertLoadedOnce('@distributed-architecture/queue', import.meta.url);
