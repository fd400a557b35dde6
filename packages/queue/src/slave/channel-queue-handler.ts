import type { GroupConfig, Logger, QueueRole, SlaveHandler } from '@distributed-architecture/core';
import type { QueueHandler } from './queue-handler.js';

interface QueueParts {
  readonly role: QueueRole;
  readonly logger: Logger;
  readonly wake: () => void;
}

/** A slave's handler, and what only processes of queue groups have. */
export class ChannelQueueHandler implements QueueHandler {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly incarnation: number;
  readonly epoch: number;
  readonly groupConfig: GroupConfig;
  readonly logger: Logger;
  readonly role: QueueRole;
  readonly wake: () => void;
  readonly #slave: SlaveHandler;

  constructor(slave: SlaveHandler, { role, logger, wake }: QueueParts) {
    this.id = slave.id;
    this.groupId = slave.groupId;
    this.groupCount = slave.groupCount;
    this.incarnation = slave.incarnation;
    this.epoch = slave.epoch;
    this.groupConfig = slave.groupConfig;
    this.logger = logger;
    this.role = role;
    this.wake = wake;
    this.#slave = slave;
  }

  get mustStop(): boolean {
    return this.#slave.mustStop;
  }

  get signal(): AbortSignal {
    return this.#slave.signal;
  }

  sleep(seconds: number): Promise<boolean> {
    return this.#slave.sleep(seconds);
  }

  ping(): void {
    this.#slave.ping();
  }

  ready(): void {
    this.#slave.ready();
  }
}
