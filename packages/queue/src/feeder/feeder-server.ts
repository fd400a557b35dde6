import { SystemClock, type Clock } from '@distributed-architecture/core';
import { toSource } from '../source/to-source.js';
import type { ItemSource } from '../source/item-source.js';
import { addressText, isLoopback } from '../transport/address-text.js';
import type { FeedAddress } from '../transport/byte-link.js';
import { FeedAddressError } from '../transport/feed-address-error.js';
import type { Listening } from '../transport/listen.js';
import { proofBy } from './authentication.js';
import { checkOptions } from './check-options.js';
import { Complaints } from './complaints.js';
import { FeederEngine } from './feeder-engine.js';
import type { FeederListener, FeederOptions, FeederStatistics } from './feeder-options.js';
import { listenPatiently } from './listen-patiently.js';
import { describeFeedStop, STOP_PATIENCE_MS } from './stop-waits.js';

const NOBODY: FeederListener = { demand() {}, leaving() {}, killRequest() {} };

const MAX_ITEM_SIZE = 1_048_576;

/**
 * Hands items to consumers: each is answered exactly once in the life of the feeder.
 *
 * @example
 * const feeder = new FeederServer({ source: [1, 2, 3], listen: [{ path: '/run/my-app/feed' }], logger });
 * await feeder.listen();
 * await feeder.run(); // all three are answered
 */
export class FeederServer<T = unknown> {
  readonly #source: ItemSource<T>;
  readonly #engine: FeederEngine;
  readonly #clock: Clock;
  readonly #complaints: Complaints;
  readonly #listener: FeederListener;
  readonly #stop = new AbortController();
  #listening: Listening[] = [];
  #started: Promise<void> | undefined;
  #isFeeding = false;

  /**
   * @throws FeedAddressError where it would let in everybody: no key, and an address that others can reach
   * @throws FeederInvalidError
   * @throws RangeError for numbers that cannot be
   */
  constructor(private readonly options: FeederOptions<T>) {
    const { source, key, logger, clock = new SystemClock(), listener = NOBODY, concurrency = 1 } = options;
    checkOptions(options);
    this.#listener = listener;
    for (const address of options.listen) checkAddress(address, key);
    this.#source = toSource(source);
    this.#clock = clock;
    this.#complaints = new Complaints(logger, clock);
    this.#engine = new FeederEngine({
      source: this.#source as ItemSource,
      clock,
      logger,
      listener,
      concurrency,
      window: options.window ?? 'auto',
      maxItemSize: options.maxItemSize ?? MAX_ITEM_SIZE,
      itemTimeoutMs: (options.itemTimeout ?? 0) * 1000,
      abortGraceMs: (options.abortGrace ?? (concurrency === 1 ? 1 : 5)) * 1000,
      pollIntervalMs: (options.pollInterval ?? 1) * 1000,
      maxIdleMs: (options.maxIdleTime ?? 0) * 1000,
      prove: proofBy(key),
    });
  }

  /** Whether its source can go on with what consumers of a dead feeder hold. */
  get adopts(): boolean {
    return this.#source.capabilities.adopt;
  }

  /** Where it listens; a port 0 has become one. */
  get addresses(): readonly FeedAddress[] {
    return this.#listening.map(({ address }) => address);
  }

  get statistics(): FeederStatistics {
    return this.#engine.statistics;
  }

  /**
   * Opens the source, listens, and hands out items from then on. An address in use is logged and tried again, after 1 s,
   * doubling to 30 s.
   *
   * @returns resolves when it listens everywhere, or was stopped
   * @throws what opening the source has thrown; FeedAddressError
   */
  listen(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /**
   * Hands out items; listens first, if it does not yet.
   *
   * @returns resolves when the source has ended and all is answered, or it was stopped; rejects with what an iterable has thrown
   */
  async run(): Promise<void> {
    await this.listen();
    if (this.#isFeeding) await this.#engine.ended;
  }

  /**
   * Hands out nothing more, waits for what consumers have begun, and releases the rest to the source.
   *
   * @returns resolves when all is over
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#started?.catch(() => {});
    if (!this.#isFeeding) return;
    this.#engine.post({ type: 'stop' });
    const { logger } = this.options;
    const cancel = this.#clock.setTimer(STOP_PATIENCE_MS, () => logger.log(describeFeedStop(this.#engine.unfinished)));
    await this.#engine.ended.catch(() => {});
    cancel();
  }

  /** There may be items: the source is asked at once. */
  wake(): void {
    if (this.#isFeeding) this.#engine.post({ type: 'wake' });
  }

  /** That incarnation of a consumer has ended for sure: what it held is lost. Later hellos of it are refused. */
  consumerGone(id: number, incarnation: number): void {
    this.#engine.post({ type: 'consumer-gone', id, incarnation });
  }

  /**
   * So many idle consumers are to leave: `listener.leaving` tells which.
   *
   * @param among ids of those that may. Default: all
   */
  letGo(count: number, among?: readonly number[]): void {
    this.#engine.post({ type: 'let-go', count, ...(among && { among }) });
  }

  async #start(): Promise<void> {
    const { logger } = this.options;
    void this.#engine.ended.then(this.#closeServers, this.#closeServers);
    try {
      await this.#source.open?.({ logger, wake: () => this.wake() });
      await this.#listenEverywhere();
    } catch (error) {
      this.#engine.post({ type: 'stop' });
      await this.#engine.ended;
      throw error;
    }
    this.#isFeeding = true;
    if (this.#stop.signal.aborted) return this.#engine.post({ type: 'stop' });
    logger.log('Waiting for new connections');
    this.#engine.post({ type: 'start' });
  }

  async #listenEverywhere(): Promise<void> {
    const { key, logger } = this.options;
    for (const address of this.options.listen) {
      const listening = await listenPatiently({
        address,
        key,
        logger,
        clock: this.#clock,
        signal: this.#stop.signal,
        onWaiting: (waiting) => this.#listener.waiting?.(waiting),
        onLink: (link) => link.listen(this.#engine.accept(link)),
        onProblem: (problem) => this.#complaints.say(problem),
      });
      if (listening !== undefined) this.#listening.push(listening);
    }
  }

  readonly #closeServers = (): void => {
    for (const listening of this.#listening) listening.close();
  };
}

function checkAddress(address: FeedAddress, key: Buffer | undefined): void {
  if (key !== undefined || isLoopback(address)) return;
  throw new FeedAddressError(
    addressText(address),
    'without a key only this machine may connect: give a key, or listen on localhost',
  );
}
