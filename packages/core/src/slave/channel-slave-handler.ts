import type { StartMessage } from '../channel/launcher-message.js';
import { pingIntervalMs } from '../channel/protocol.js';
import type { GroupConfig } from '../config/group-config.js';
import type { Logger } from '../logger/logger.js';
import type { SlaveHandler } from './slave-handler.js';
import type { StopRequest } from './stop-request.js';

/** The handler of a slave that a launcher has started. */
export class ChannelSlaveHandler implements SlaveHandler {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly incarnation: number;
  readonly epoch: number;
  readonly groupConfig: GroupConfig;
  readonly #pingIntervalMs: number;
  #pingedAt = -Infinity;

  constructor(
    start: StartMessage,
    readonly logger: Logger,
    private readonly stopRequest: StopRequest,
    private readonly sendPing: () => void,
  ) {
    this.id = start.id;
    this.groupId = start.groupId;
    this.groupCount = start.groupCount;
    this.incarnation = start.incarnation;
    this.epoch = start.epoch;
    this.groupConfig = deepFreeze(start.config);
    this.#pingIntervalMs = pingIntervalMs(start.config.timeout);
  }

  get mustStop(): boolean {
    return this.stopRequest.asked;
  }

  get signal(): AbortSignal {
    return this.stopRequest.signal;
  }

  async sleep(seconds: number): Promise<boolean> {
    // No number, as plain JavaScript may pass, is no wait.
    const ms = seconds > 0 ? seconds * 1000 : 0;
    const end = performance.now() + ms;
    for (let left = ms; ; left = end - performance.now()) {
      this.ping();
      const goOn = await this.stopRequest.wait(Math.min(Math.max(0, left), this.#pingIntervalMs));
      if (!goOn || performance.now() >= end) return goOn;
    }
  }

  ping(): void {
    const now = performance.now();
    if (now - this.#pingedAt < this.#pingIntervalMs) return;
    this.#pingedAt = now;
    this.sendPing();
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}
