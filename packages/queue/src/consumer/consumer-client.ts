import { SystemClock, type Clock, type Logger, type WorkMeasure } from '@distributed-architecture/core';
import type { FeedAddress, LinkConnector } from '../transport/byte-link.js';
import { SocketConnector } from '../transport/connect.js';
import { ConsumerEngine } from './consumer-engine.js';
import type { ConsumerPhase } from './consumer-state.js';
import type { ItemHandler } from './lanes.js';

export interface ConsumerClientOptions<T> {
  /** Which consumer this is, unique among those of the feeder. */
  readonly id: number;
  /** Which life of it: grows with each start. The feeder refuses an older one than it knows. */
  readonly incarnation: number;
  /** 32 bytes, `consumerKey(<the feeder's key>, id, incarnation)`. Without it only feeders without a key are reached. */
  readonly key?: Buffer;
  /** Items that are handled at once. Default 1. */
  readonly concurrency?: number;
  /** Handles an item: what it throws, or its promise rejects with, makes the item fail. */
  readonly handle: ItemHandler<T>;
  readonly logger: Logger;
  /** Asked each time before items are begun; false, or what it throws: none is begun now, it is asked again after a second. */
  readonly mayBegin?: () => boolean | Promise<boolean>;
  /** Looked at before each item: while it is not held nothing begins. What was announced is given back soon. */
  readonly lease?: { readonly held: boolean };
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Numbers from 0 to 1, for the jitter of delays. Default `Math.random`. */
  readonly random?: () => number;
  /** Default: sockets. */
  readonly connector?: LinkConnector;
}

/**
 * Handles the items of a feeder, each answered exactly once. It survives cuts of the connection: it works on what it
 * has begun, comes back after 50 ms, doubling to 2 s, and tells what the feeder may have missed.
 *
 * ```ts
 * const consumer = new ConsumerClient<Order>({ id: 1, incarnation: 1, logger, handle: (order) => ship(order) });
 * consumer.feederReady({ path: '/run/shop/feed' });
 * process.once('SIGTERM', () => void consumer.stop());
 * await consumer.run();
 * ```
 */
export class ConsumerClient<T = unknown> {
  readonly #engine: ConsumerEngine<T>;

  /** @throws RangeError unless `concurrency` is a whole number from 1 on */
  constructor({ id, incarnation, key, concurrency = 1, ...options }: ConsumerClientOptions<T>) {
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new RangeError(`concurrency is ${concurrency}, it has to be a whole number from 1 on`);
    }
    this.#engine = new ConsumerEngine<T>({
      id,
      incarnation,
      key: key?.toString('base64'),
      concurrency,
      handle: options.handle,
      mayBegin: options.mayBegin,
      lease: options.lease,
      logger: options.logger,
      clock: options.clock ?? new SystemClock(),
      random: options.random ?? Math.random,
      connector: options.connector ?? new SocketConnector({ identity: `${id}.${incarnation}`, key }),
    });
  }

  /** `stopping` from `stop` on, until it is `over`. */
  get state(): ConsumerPhase | 'stopping' {
    const { phase, isStopping } = this.#engine;
    return isStopping && phase !== 'over' ? 'stopping' : phase;
  }

  /** Items by their outcome, and how long they took, since the start. */
  get measure(): WorkMeasure {
    return this.#engine.measure;
  }

  /**
   * A feeder listens there: connects at once. Another address, or incarnation of the feeder, takes the place of the one before.
   *
   * @param incarnation which life of the feeder, where a launcher counts them
   */
  feederReady(address: FeedAddress, incarnation?: number): void {
    this.#engine.feederReady(address, incarnation);
  }

  /**
   * The feeder has ended. What of its items is not begun is dropped, what is begun is finished, and a warning tells
   * which outcomes it has never confirmed. Items of sources that can adopt wait for the next feeder.
   *
   * @returns when nothing is begun any more
   */
  feederGone(incarnation?: number): Promise<void> {
    return this.#engine.feederGone(incarnation);
  }

  /**
   * Begins nothing more, gives back what is not begun, finishes what is, waits until the feeder has confirmed all
   * answers (5 s at most while no feeder can be reached) and leaves it. A handler that never ends is waited for.
   */
  async stop(): Promise<void> {
    this.#engine.stop();
    await this.#engine.over.catch(() => {});
  }

  /**
   * @returns after `stop`
   * @throws FeedRefusedError when the feeder refuses this consumer: a wrong key, an older incarnation, another version
   */
  async run(): Promise<void> {
    await this.#engine.over;
  }
}
