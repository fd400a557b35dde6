import type { QueueRole, SlaveHandler } from '@distributed-architecture/core';

/** The object by which the code of a queue group, in its feeder or in a consumer, sees its launcher. */
export interface QueueHandler extends SlaveHandler {
  readonly role: QueueRole;
  /** In the feeder: there may be items, its source is asked at once and not only after `poll_interval`. In a consumer it does nothing. */
  wake(): void;
}
