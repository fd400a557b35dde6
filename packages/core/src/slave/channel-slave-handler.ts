import type { StartMessage } from '../channel/launcher-message.js';
import { pingIntervalMs } from '../channel/protocol.js';
import type { GroupConfig } from '../config/group-config.js';
import type { Logger } from '../logger/logger.js';
import type { SlaveHandler } from './slave-handler.js';
import type { SlaveLease } from './slave-lease.js';
import type { StopRequest } from './stop-request.js';

/** Who only sleeps leaves it this long, as a fraction of its interval, to the statistics to take its ping along. */
const PING_PATIENCE = 0.02;

/** What a handler needs of its session. */
export interface HandlerLinks {
  readonly logger: Logger;
  readonly stopRequest: StopRequest;
  readonly lease: Pick<SlaveLease, 'check'>;
  readonly sendPing: () => void;
  readonly sayReady: () => void;
}

/** The handler of a slave that a launcher has started. */
export class ChannelSlaveHandler implements SlaveHandler {
  readonly id: number;
  readonly groupId: number;
  readonly groupCount: number;
  readonly incarnation: number;
  readonly epoch: number;
  readonly groupConfig: GroupConfig;
  readonly logger: Logger;
  readonly #links: HandlerLinks;
  readonly #pingIntervalMs: number;
  #pingedAt = -Infinity;
  #sleepers = 0;

  constructor(start: StartMessage, links: HandlerLinks) {
    this.id = start.id;
    this.groupId = start.groupId;
    this.groupCount = start.groupCount;
    this.incarnation = start.incarnation;
    this.epoch = start.epoch;
    this.groupConfig = deepFreeze(start.config);
    this.logger = links.logger;
    this.#links = links;
    this.#pingIntervalMs = pingIntervalMs(start.config.timeout);
  }

  get mustStop(): boolean {
    return this.#links.stopRequest.asked;
  }

  get signal(): AbortSignal {
    return this.#links.stopRequest.signal;
  }

  ready(): void {
    this.#links.sayReady();
  }

  async sleep(seconds: number): Promise<boolean> {
    this.#sleepers++;
    try {
      // No number, as plain JavaScript may pass, is no wait.
      return await this.#sleep(seconds > 0 ? seconds * 1000 : 0);
    } finally {
      this.#sleepers--;
    }
  }

  ping(): void {
    if (this.#sincePingMs() < this.#pingIntervalMs) return;
    this.#pingedAt = performance.now();
    this.#links.sendPing();
  }

  /**
   * Whether what is about to be sent shall take a ping along: one write for two. It then counts as sent. That makes one
   * interval shorter, and the next pings go together with what is sent regularly.
   */
  takePingAlong(): boolean {
    const soon = this.#sleepers > 0 && this.#sincePingMs() >= this.#pingIntervalMs / 20;
    if (soon) this.#pingedAt = performance.now();
    return soon;
  }

  /**
   * Pings as long as the event loop turns, whatever else goes on. Does not keep the program alive.
   *
   * @returns ends it
   */
  keepPinging(): () => void {
    let timer: NodeJS.Timeout | undefined;
    const turn = (): void => {
      this.ping();
      timer = setTimeout(turn, Math.max(1, this.#untilPingMs())).unref();
    };
    this.#sleepers++;
    turn();
    return () => clearTimeout(timer);
  }

  async #sleep(ms: number): Promise<boolean> {
    const end = performance.now() + ms;
    for (let left = ms; ; left = end - performance.now()) {
      this.ping();
      await this.#links.stopRequest.wait(Math.max(0, Math.min(left, this.#untilPingMs())));
      await this.#links.lease.check();
      if (this.mustStop || performance.now() >= end) return !this.mustStop;
    }
  }

  #untilPingMs(): number {
    return this.#pingIntervalMs * (1 + PING_PATIENCE) - this.#sincePingMs();
  }

  #sincePingMs(): number {
    return performance.now() - this.#pingedAt;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}
