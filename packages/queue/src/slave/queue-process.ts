import type { QueueChannel, QueueConfig, SlaveHandler } from '@distributed-architecture/core';
import type { QueueWork } from './queue-work.js';

/** A process of a queue group, as its launcher has started it. */
export interface LaunchedProcess {
  readonly slave: SlaveHandler;
  readonly channel: QueueChannel;
}

/** With what it is to do. */
export interface QueueProcess<T> extends LaunchedProcess {
  readonly config: QueueConfig;
  readonly work: QueueWork<T>;
}
