import type { QueueRole, QueueSlaveMessage } from './queue-message.js';

/** Who says what in a queue group. */
export const QUEUE_SPEAKERS: Readonly<Record<QueueSlaveMessage['type'], QueueRole>> = {
  demand: 'feeder',
  leaving: 'feeder',
  'kill-request': 'feeder',
  drained: 'consumer',
};
