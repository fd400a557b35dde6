import { randomBytes } from 'node:crypto';
import { Alarm, type Clock, type DemandMessage, type Logger } from '@distributed-architecture/core';
import { whenDone } from '../source/call-source.js';
import { describeError } from '../source/describe-error.js';
import type { Claimed, ItemSource } from '../source/item-source.js';
import type { ByteLink, ByteLinkListener } from '../transport/byte-link.js';
import { Complaints } from './complaints.js';
import { connected, demandOf } from './demand.js';
import { DemandReporter } from './demand-reporter.js';
import type { FeedEffect, FeedEvent, OutcomeBatch } from './feed-event.js';
import { createFeedState, type FeedSettings, type FeedState } from './feed-state.js';
import { decideFeed } from './feeder-machine.js';
import type { FeederListener, FeederStatistics } from './feeder-options.js';
import { LinkSession } from './link-session.js';
import { prepareItems } from './prepare-items.js';
import { describeFullSource, PAUSE_PATIENCE_MS, type UnfinishedFeed } from './stop-waits.js';

/** Nothing is sent over a connection while more is unsent. */
const MOST_UNSENT = 1_048_576;

/** After so long what was decided goes out, and others are heard, before the source is asked again. */
const LONGEST_DRAIN_MS = 5;

/** Connections that were said goodbye to are cut after so long. */
const GOODBYE_MS = 2000;

export interface FeederEngineOptions extends Omit<FeedSettings, 'life' | 'adopts'> {
  readonly source: ItemSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: FeederListener;
  /** This life of the feeder. Default: random. */
  readonly life?: string;
}

/**
 * The main loop of a feeder: one mailbox of events, one decision at a time, effects carried out in their order. It knows
 * no sockets: connections are given to it.
 */
export class FeederEngine {
  readonly #state: FeedState;
  readonly #alarm: Alarm;
  readonly #complaints: Complaints;
  readonly #demand: DemandReporter;
  readonly #sessions = new Map<number, LinkSession>();
  readonly #unflushed = new Set<LinkSession>();
  /** Methods of the source whose errors were told. */
  readonly #told = new Set<string>();
  readonly #ended = Promise.withResolvers<void>();
  #mailbox: FeedEvent[] = [];
  #draining = false;
  #cancelFlush: (() => void) | undefined;
  #drainBegan = 0;
  #links = 0;
  #cancelPauseWarning = (): void => {};
  #failure: unknown;
  #sourceClosed = false;

  constructor(private readonly options: FeederEngineOptions) {
    const { clock, source, logger, listener } = options;
    const life = options.life ?? randomBytes(9).toString('base64url');
    this.#state = createFeedState({ ...options, life, adopts: source.capabilities.adopt });
    this.#alarm = new Alarm(clock, () => this.post({ type: 'tick' }));
    this.#complaints = new Complaints(logger, clock);
    this.#demand = new DemandReporter(
      clock,
      () => demandOf(this.#state, this.#size(), clock.monotonicMs()),
      (demand: DemandMessage) => this.#tell('demand', () => listener.demand(demand)),
    );
    // Whoever waits learns of a failure; nobody has to wait.
    this.#ended.promise.catch(() => {});
  }

  /** Resolves when all is over, the source closed and every connection gone; rejects with what has ended the source. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get isOver(): boolean {
    return this.#state.phase === 'over';
  }

  /** What keeps it from ending. */
  get unfinished(): UnfinishedFeed {
    const { held, unsettled } = this.#state;
    return { held, unsettled, closing: this.isOver && !this.#sourceClosed };
  }

  get statistics(): FeederStatistics {
    const { ready, held, done, failed, released } = this.#state;
    return {
      waiting: ready.length + (this.#size() ?? 0),
      held,
      done,
      failed,
      released,
      consumers: connected(this.#state),
    };
  }

  /** A connection is there; returns who is to be told what comes over it. */
  accept(link: ByteLink): ByteLinkListener {
    const number = ++this.#links;
    const session = new LinkSession(number, link);
    this.#sessions.set(number, session);
    this.post({ type: 'accepted', link: number, peer: link.peer, identity: link.identity });
    if (this.#state.readingPaused) link.pause();
    return {
      data: (chunk) => this.#read(session, chunk),
      closed: (error) => {
        this.#sessions.delete(number);
        this.#unflushed.delete(session);
        this.post({ type: 'closed', link: number, whole: error === undefined });
        if (this.isOver) this.#endWhenAlone();
      },
    };
  }

  post(event: FeedEvent): void {
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain();
  }

  #read(session: LinkSession, chunk: Buffer): void {
    let messages;
    try {
      messages = session.read(chunk);
    } catch (error) {
      return this.#garbled(session, error);
    }
    if (messages.length > 0) this.post({ type: 'heard', link: session.number, messages });
    // What came before the garbage in the same chunk counts.
    if (session.failure !== undefined) this.#garbled(session, session.failure);
  }

  #garbled({ number }: LinkSession, error: unknown): void {
    this.post({
      type: 'garbled',
      link: number,
      problem: error instanceof Error ? error.message : describeError(error),
    });
  }

  #drain(): void {
    const { clock } = this.options;
    this.#draining = true;
    this.#drainBegan = clock.monotonicMs();
    for (let index = 0; index < this.#mailbox.length; index++) {
      for (const effect of decideFeed(this.#state, this.#mailbox[index]!, clock.monotonicMs())) this.#carryOut(effect);
    }
    this.#mailbox = [];
    this.#draining = false;
    this.#flushUrgent();
    if (this.#state.phase === 'over') return;
    this.#alarm.set(this.#state.deadline);
    this.#demand.touch();
  }

  /** Confirmations alone wait until all that was heard is dealt with: mostly items come of it, which go out with them. */
  #flushUrgent(): void {
    for (const session of this.#unflushed) if (!session.isPatient) this.#flush(session);
    if (this.#unflushed.size > 0) {
      this.#cancelFlush ??= this.options.clock.setTimer(0, () => {
        this.#cancelFlush = undefined;
        for (const session of this.#unflushed) this.#flush(session);
      });
    } else if (this.#cancelFlush !== undefined) {
      this.#cancelFlush();
      this.#cancelFlush = undefined;
    }
  }

  #flush(session: LinkSession): void {
    this.#unflushed.delete(session);
    session.flush();
    if (!session.choked && session.link.unsentBytes > MOST_UNSENT) this.#choke(session);
  }

  #choke(session: LinkSession): void {
    session.choked = true;
    this.post({ type: 'choked', link: session.number });
    session.link.whenFlushed(() => {
      session.choked = false;
      this.post({ type: 'unchoked', link: session.number });
    });
  }

  #carryOut(effect: FeedEffect): void {
    switch (effect.type) {
      case 'say':
        return this.#on(effect.link, (session) => session.say(effect.message));
      case 'say-items':
        return this.#on(effect.link, (session) => session.sayItems(effect.items, effect.begun));
      case 'end':
        return this.#on(effect.link, (session) => {
          session.flush();
          session.link.end();
        });
      case 'cut':
        return this.#on(effect.link, (session) => session.link.destroy());
      case 'pause-reading':
      case 'resume-reading':
        return this.#pauseReading(effect.type === 'pause-reading');
      case 'claim':
        return this.#claim(effect.max);
      case 'adopt':
        return this.#adopt(effect);
      case 'tell-source':
        return this.#tellSource(effect.batch);
      case 'finish':
        return void this.#finish();
      default:
        return this.#report(effect);
    }
  }

  #report(effect: Extract<FeedEffect, { type: 'log' | 'complain' | 'leaving' | 'kill-request' }>): void {
    const { logger, listener } = this.options;
    switch (effect.type) {
      case 'log':
        return logger[effect.level](effect.message);
      case 'complain':
        return this.#complaints.say(effect.message);
      case 'leaving':
        return this.#tell('leaving', () => listener.leaving(effect));
      case 'kill-request':
        return this.#tell('killRequest', () => listener.killRequest(effect));
    }
  }

  /** What a listener throws stops no loop. */
  #tell(method: keyof FeederListener, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.options.logger.error(`${method} of the listener threw: ${describeError(error)}`);
    }
  }

  #on(link: number, act: (session: LinkSession) => void): void {
    const session = this.#sessions.get(link);
    if (session === undefined) return;
    act(session);
    this.#unflushed.add(session);
  }

  #pauseReading(paused: boolean): void {
    const { clock, logger } = this.options;
    this.#cancelPauseWarning();
    if (paused) {
      const warn = (): void => logger.warn(describeFullSource(this.#state.unsettled));
      this.#cancelPauseWarning = clock.setTimer(PAUSE_PATIENCE_MS, warn);
    }
    for (const { link } of this.#sessions.values()) {
      if (paused) link.pause();
      else link.resume();
    }
  }

  /** Others get their turn before a source that takes its time is asked again. */
  #claim(max: number): void {
    const { clock } = this.options;
    if (clock.monotonicMs() - this.#drainBegan < LONGEST_DRAIN_MS) return this.#claimNow(max);
    this.post({ type: 'claim-waits' });
    clock.setTimer(0, () => {
      if (this.#state.phase === 'feeding') this.#claimNow(max);
      else if (!this.isOver) this.#onClaims([]);
    });
  }

  #claimNow(max: number): void {
    const { source } = this.options;
    let waits = true;
    whenDone(
      () => source.claim(max),
      (claims) => {
        waits = false;
        this.#onClaims(claims);
      },
      (error) => {
        waits = false;
        this.#onClaimFailed(error);
      },
    );
    if (waits) this.post({ type: 'claim-waits' });
  }

  #onClaims(claims: readonly Claimed[]): void {
    if (this.isOver) return this.#giveBack(claims);
    const prepared = prepareItems(claims, this.options.maxItemSize);
    this.post({ type: 'claimed', ...prepared, ended: this.#sourceHasEnded() });
  }

  #onClaimFailed(error: unknown): void {
    const ended = this.#sourceHasEnded();
    if (ended) this.#failure = error;
    this.post({ type: 'claim-failed', problem: `Claiming items failed: ${describeError(error)}`, ended });
  }

  /** What a claim gave while the source was being closed. */
  #giveBack(claims: readonly Claimed[]): void {
    if (claims.length === 0) return;
    const { source, logger } = this.options;
    const failed = (error: unknown): void => logger.error(`Releasing items failed: ${describeError(error)}`);
    whenDone(
      () => source.release(claims),
      () => {},
      failed,
    );
  }

  #adopt({ link, hello, keys }: Extract<FeedEffect, { type: 'adopt' }>): void {
    const { source, maxItemSize } = this.options;
    const adopted = (claims: readonly Claimed[], problem?: string): void =>
      this.post({ type: 'adopted', link, hello, ...prepareItems(claims, maxItemSize), problem });
    if (keys.length === 0) return adopted([]);
    whenDone(
      () => source.adopt?.(keys) ?? [],
      (claims) => adopted(claims),
      (error) => adopted([], `Adopting items failed: ${describeError(error)}`),
    );
  }

  #tellSource(batch: OutcomeBatch): void {
    const { source } = this.options;
    const { outcome, items, failed } = batch;
    whenDone<void>(
      () => (outcome === 'fail' ? source.fail(failed) : source[outcome](items)),
      () => this.post({ type: 'settled', batch }),
      (error) =>
        this.post({ type: 'settled', batch, problem: `${outcome} of the source threw: ${describeError(error)}` }),
    );
  }

  #sourceHasEnded(): boolean {
    try {
      return this.options.source.ended();
    } catch (error) {
      this.#tellOnce('ended', error);
      return false;
    }
  }

  #size(): number | undefined {
    try {
      return this.options.source.size?.();
    } catch (error) {
      this.#tellOnce('size', error);
      return undefined;
    }
  }

  /** These are asked for very often. */
  #tellOnce(method: 'ended' | 'size', error: unknown): void {
    if (this.#told.has(method)) return;
    this.#told.add(method);
    this.options.logger.error(`${method} of the source threw, this is told once: ${describeError(error)}`);
  }

  async #finish(): Promise<void> {
    const { source, logger, clock } = this.options;
    this.#alarm.cancel();
    this.#cancelPauseWarning();
    this.#demand.end();
    try {
      await source.close?.();
    } catch (error) {
      logger.error(`close of the source threw: ${describeError(error)}`);
    }
    const cancel = clock.setTimer(GOODBYE_MS, () => {
      for (const { link } of this.#sessions.values()) link.destroy();
    });
    void this.#ended.promise.then(cancel, cancel);
    this.#sourceClosed = true;
    this.#endWhenAlone();
  }

  #endWhenAlone(): void {
    if (!this.#sourceClosed || this.#sessions.size > 0) return;
    if (this.#state.sourceFailed) this.#ended.reject(this.#failure);
    else this.#ended.resolve();
  }
}
