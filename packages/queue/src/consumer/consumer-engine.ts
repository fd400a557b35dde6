import {
  Alarm,
  type Clock,
  type DistributedArchitectureError,
  type Logger,
  type WorkMeasure,
} from '@distributed-architecture/core';
import { encodeMessage } from '../protocol/encode.js';
import type { FeederMessage, WireError } from '../protocol/feed-message.js';
import type { FeedAddress, LinkConnector } from '../transport/byte-link.js';
import type { BegunItem } from './begun-item.js';
import type { ConsumerEffect, ConsumerEvent } from './consumer-decision.js';
import { consumerDeadline, decideConsumer } from './consumer-machine.js';
import { createConsumerState, type ConsumerPhase, type ConsumerState } from './consumer-state.js';
import { FeedConnection, type FeedConnectionListener } from './feed-connection.js';
import { beginNext, settle } from './item-moves.js';
import { Lanes, type ItemHandler, type LaneOwner } from './lanes.js';
import { describeConsumerStop, STOP_PATIENCE_MS } from './stop-waits.js';

export interface ConsumerEngineOptions<T> {
  readonly id: number;
  readonly incarnation: number;
  /** Base64. */
  readonly key: string | undefined;
  readonly concurrency: number;
  readonly handle: ItemHandler<T>;
  readonly mayBegin: (() => boolean | Promise<boolean>) | undefined;
  readonly lease?: { readonly held: boolean } | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connector: LinkConnector;
}

/** So long items are handled before others get their turn: what has arrived is read, timers ring. */
const SLICE_MS = 3;

/** Carries out what the machine decides. All events go through one mailbox; there are no sockets here, so a simulator can run it. */
export class ConsumerEngine<T> implements FeedConnectionListener, LaneOwner {
  readonly #options: ConsumerEngineOptions<T>;
  readonly #clock: Clock;
  readonly #state: ConsumerState;
  readonly #lanes: Lanes<T>;
  readonly #alarm: Alarm;
  readonly #mailbox: ConsumerEvent[] = [];
  readonly #over = Promise.withResolvers<void>();
  #connection: FeedConnection | undefined;
  #driving = false;
  #turnIsDue = false;
  #sliceStart = 0;
  #waitingForDrain: (() => void)[] = [];

  constructor(options: ConsumerEngineOptions<T>) {
    this.#options = options;
    this.#clock = options.clock;
    const settings = { ...options, guarded: options.mayBegin !== undefined || options.lease !== undefined };
    this.#state = createConsumerState(settings, this.#clock.monotonicMs());
    this.#lanes = new Lanes(options.concurrency, options.handle, this);
    this.#alarm = new Alarm(this.#clock, this.#onTurn);
    // Whoever runs it learns of an error; until then it is not unhandled.
    this.#over.promise.catch(() => {});
  }

  get phase(): ConsumerPhase {
    return this.#state.phase;
  }

  get isStopping(): boolean {
    return this.#state.stopping;
  }

  /** What it has done since its start. */
  get measure(): WorkMeasure {
    const { runningCount, done, failed, book } = this.#state;
    const items = { busy: runningCount, done, failed, released: book.released };
    return { items, times: this.#lanes.meter.times };
  }

  /** Resolves when nothing more will happen; rejects when the feeder has refused us. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  feederReady(address: FeedAddress, incarnation: number | undefined): void {
    this.#post({ type: 'feeder-ready', address, incarnation });
  }

  feederGone(incarnation: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waitingForDrain.push(resolve);
    this.#post({ type: 'feeder-gone', incarnation });
    return promise;
  }

  stop(): void {
    if (this.isStopping || this.phase === 'over') return;
    this.#post({ type: 'stop' });
    const { clock, logger } = this.#options;
    const cancel = clock.setTimer(STOP_PATIENCE_MS, () => logger.log(describeConsumerStop(this.#state)));
    this.#over.promise.then(cancel, cancel);
  }

  linked(proven: boolean): void {
    this.#post({ type: 'linked', proven });
  }

  failed(reason: string): void {
    this.#post({ type: 'failed', reason });
  }

  messages(messages: readonly FeederMessage[]): void {
    this.#sliceStart = this.#clock.monotonicMs();
    this.#post({ type: 'messages', messages });
  }

  flushed(late: boolean): void {
    if (late) this.#sliceStart = this.#clock.monotonicMs();
    this.#post({ type: 'flushed', late });
  }

  closed(reason: string): void {
    this.#post({ type: 'closed', reason });
  }

  begin(lane: number): BegunItem | undefined {
    return this.#holds ? beginNext(this.#state, lane) : undefined;
  }

  get #holds(): boolean {
    return this.#options.lease?.held ?? true;
  }

  settled(lane: number, error: WireError | undefined): void {
    settle(this.#state, lane, error);
  }

  /** The last lane sees to the next chunk at once; while others still work theirs is waited for, for a moment. */
  idle(): void {
    if (this.#driving || this.#state.runningCount === 0) this.#post({ type: 'turn' });
    else this.#turnSoon();
  }

  waiting(): void {
    if (this.#state.book.hasUnsent) this.#turnSoon();
  }

  now(): number {
    return this.#clock.monotonicMs();
  }

  pause(now: number): Promise<void> | undefined {
    if (!this.#sliceIsOver(now)) return undefined;
    return new Promise((resolve) => {
      this.#clock.setTimer(0, () => {
        this.#onTurn();
        resolve();
      });
    });
  }

  #post(event: ConsumerEvent): void {
    this.#mailbox.push(event);
    if (!this.#driving) this.#drive();
  }

  /** Until nothing is left to do, or its time is up. Handlers run in here, and what they call only posts. */
  #drive(): void {
    this.#driving = true;
    try {
      do {
        for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift()) this.#decide(event);
        this.#fill();
      } while (this.#mailbox.length > 0);
    } finally {
      this.#driving = false;
    }
    this.#tellDrained();
    this.#alarm.set(consumerDeadline(this.#state));
  }

  #fill(): void {
    if (this.#state.ready.count === 0) return;
    const now = this.now();
    if (this.#sliceIsOver(now)) this.#turnSoon();
    else this.#lanes.fill(now);
  }

  #decide(event: ConsumerEvent): void {
    const moment = { now: this.#clock.monotonicMs(), random: this.#options.random };
    for (const effect of decideConsumer(this.#state, event, moment)) this.#carryOut(effect);
  }

  #carryOut(effect: ConsumerEffect): void {
    switch (effect.type) {
      case 'connect':
        this.#connection = new FeedConnection(this);
        void this.#connection.open(this.#options.connector, effect.address);
        return;
      case 'drop':
        this.#connection?.drop();
        this.#connection = undefined;
        return;
      case 'end':
        this.#connection?.end();
        return;
      case 'send':
        this.#connection?.write(effect.messages.map((message) => encodeMessage(message)));
        if (effect.announces) this.#connection?.tellFlushed();
        return;
      case 'ask':
        this.#ask();
        return;
      case 'time-out':
        for (const item of effect.items) item.timeOut();
        return;
      case 'log':
        this.#options.logger[effect.level](effect.message);
        return;
      case 'over':
        this.#end(effect.error);
    }
  }

  /** An answer that is there at once costs no promise. */
  #ask(): void {
    const permit = (given: boolean): void => this.#post({ type: 'permission', given });
    const refuse = (error: unknown): void => {
      this.#options.logger.error(error);
      permit(false);
    };
    try {
      const given = this.#holds && (this.#options.mayBegin?.() ?? true);
      if (typeof given === 'boolean') permit(given);
      else given.then(permit, refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #end(error: DistributedArchitectureError | undefined): void {
    this.#alarm.cancel();
    if (error === undefined) this.#over.resolve();
    else this.#over.reject(error);
  }

  /** A feeder that is gone has nothing here that is begun: its successor may start. */
  #tellDrained(): void {
    if (this.#waitingForDrain.length === 0) return;
    const { phase, farewells, runningCount } = this.#state;
    const busy = farewells.size > 0 || (phase === 'waiting' && runningCount > 0);
    if (busy && phase !== 'over') return;
    for (const resolve of this.#waitingForDrain.splice(0)) resolve();
  }

  #sliceIsOver(now: number): boolean {
    return now - this.#sliceStart >= SLICE_MS;
  }

  /** When all that is due now was done. */
  #turnSoon(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    this.#clock.setTimer(0, this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#turnIsDue = false;
    this.#sliceStart = this.#clock.monotonicMs();
    this.#post({ type: 'turn' });
  };
}
