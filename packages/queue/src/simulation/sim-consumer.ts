import { consumerKey } from '@distributed-architecture/core';
import { ConsumerEngine } from '../consumer/consumer-engine.js';
import type { ItemContext } from '../consumer/item-context.js';
import type { FeedAddress } from '../transport/byte-link.js';
import { Dice } from './dice.js';
import { playHandler } from './handler.js';
import type { Caller } from './network.js';
import { ProgramClock } from './program-clock.js';
import { SimProcess } from './sim-process.js';
import type { ConsumerTruth, Handling } from './truth.js';
import { itemNumber } from './wire-watch.js';
import type { World } from './world.js';

const ADDRESS: FeedAddress = { path: '/feed' };

/** One incarnation of a consumer: the real engine in a played process. */
export class SimConsumer {
  readonly process: SimProcess;
  readonly truth: ConsumerTruth;
  readonly #clock: ProgramClock;
  readonly #engine: ConsumerEngine<unknown>;
  readonly #dice: Dice;

  constructor(
    private readonly world: World,
    readonly id: number,
    readonly incarnation: number,
  ) {
    const { schedule } = world;
    const name = `consumer ${id}.${incarnation}`;
    this.process = new SimProcess(world, name);
    this.#dice = new Dice(schedule.seed, 41, id, incarnation);
    this.truth = {
      name,
      id,
      incarnation,
      alive: true,
      killAsked: false,
      leaving: false,
      stopAskedAt: undefined,
      lossy: false,
      welcomedBy: undefined,
      announced: new Set(),
      handlings: new Set(),
    };
    world.consumers.push(this.truth);
    this.process.onDeath(() => this.#died());
    this.#clock = new ProgramClock(this.process, 1000 * id, world.losesTimer);
    this.#engine = this.#start();
    this.#engine.over.then(
      () => this.#ended(),
      () => this.#ended(),
    );
  }

  feederReady(incarnation: number): void {
    this.process.run(() => this.#engine.feederReady(ADDRESS, incarnation));
  }

  /** @param drained it has finished all that it had begun */
  feederGone(incarnation: number, drained: () => void): void {
    this.process.run(() => {
      void this.#engine.feederGone(incarnation).then(() => {
        this.world.judge.drained(this.truth, incarnation);
        drained();
      });
    });
  }

  stop(): void {
    this.truth.stopAskedAt ??= this.world.now;
    this.process.run(() => this.#engine.stop());
  }

  #start(): ConsumerEngine<unknown> {
    const { schedule, key, network } = this.world;
    const { id, incarnation, process, truth } = this;
    const name = `${id}.${incarnation}`;
    const caller: Caller = { process, consumer: truth, name: truth.name, identity: name };
    return new ConsumerEngine<unknown>({
      id,
      incarnation,
      key: key && consumerKey(key, id, incarnation).toString('base64'),
      concurrency: schedule.concurrency,
      handle: (item, context) => this.#handle(item, context),
      mayBegin: schedule.guarded ? () => this.#mayBegin() : undefined,
      logger: this.world.loggerOf(truth.name),
      clock: this.#clock,
      random: this.#dice.random,
      connector: { connect: (_, listener, signal) => network.connect(caller, listener, signal) },
    });
  }

  #mayBegin(): boolean | Promise<boolean> {
    const given = !this.#dice.chance(0.05);
    if (this.#dice.chance(0.5)) return given;
    return new Promise((resolve) => this.process.after(this.#dice.random() * 5, () => resolve(given)));
  }

  #handle(body: unknown, context: ItemContext): void | Promise<void> {
    const { world, truth, process } = this;
    const item = world.items[itemNumber(body)]!;
    const handling: Handling = { item, consumer: truth, life: truth.welcomedBy, outcome: undefined };
    world.judge.begins(handling);
    const result = this.#watched(handling, () => {
      const { seed, trouble, itemTimeoutMs, end } = world.schedule;
      const dice = new Dice(seed, 42, item.number, item.handlings.length);
      return playHandler(process, context, { dice, trouble, mayHang: itemTimeoutMs > 0 || end === 'stop' });
    });
    if (world.schedule.sabotage !== 'answers-first') return result;
    (result as Promise<void> | undefined)?.catch(() => {});
    return undefined;
  }

  #watched(handling: Handling, play: () => void | Promise<void>): void | Promise<void> {
    const ends = (outcome: 'done' | 'failed'): void => this.world.judge.ends(handling, outcome);
    let result: void | Promise<void>;
    try {
      result = play();
    } catch (error) {
      ends('failed');
      throw error;
    }
    if (result === undefined) return ends('done');
    return result.then(
      () => ends('done'),
      (error: unknown) => {
        ends('failed');
        throw error;
      },
    );
  }

  /** Its program ends soon after the engine. */
  #ended(): void {
    this.world.note(() => `${this.truth.name} has come to its end`);
    const { handlings, name } = this.truth;
    if (handlings.size > 0 && this.truth.stopAskedAt !== undefined) {
      this.world.judge.fail('stop-waits', `${name} ends while it handles something`);
    }
    this.process.after(5, () => {
      const { waiting } = this.#clock;
      if (waiting > 0) this.world.judge.fail('nothing-left', `${name} has ended and leaves ${waiting} timers`);
      this.process.kill();
    });
  }

  #died(): void {
    this.world.note(() => `${this.truth.name} is dead`);
    this.truth.alive = false;
    this.truth.handlings.clear();
  }
}
