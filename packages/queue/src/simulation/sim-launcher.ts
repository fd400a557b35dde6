import { Dice } from './dice.js';
import { SimConsumer } from './sim-consumer.js';
import { SimFeeder } from './sim-feeder.js';
import type { World } from './world.js';

/** What a message over a channel needs at most. */
const CHANNEL_MS = 5;
const BOOT_MS = 30;
/** After the request to stop a process is killed. */
const STOP_TIMEOUT_MS = 100_000;
/** A feeder of which nothing is begun any more ends at once, but its source may be slow and a connection is read for 5 s. */
const FEEDER_STOP_MS = 60_000;
/** Consumers of a dead feeder time out nothing by themselves. */
const DRAIN_MS = 90_000;

/** Plays the launcher: starts, tells, kills, starts again, in the order that a launcher has. */
export class SimLauncher {
  feeder: SimFeeder | undefined;
  readonly consumers: SimConsumer[] = [];
  /** Nothing is started any more but a feeder that is needed. */
  #closing = false;
  readonly #dice: Dice;
  #ready: SimFeeder | undefined;
  #lastFeeder = 0;
  /** Consumers that have to finish what a dead feeder has left. */
  readonly #owing = new Set<SimConsumer>();
  #feederEnded = false;

  constructor(private readonly world: World) {
    this.#dice = new Dice(world.schedule.seed, 51);
  }

  /** Everything has ended. */
  get isOver(): boolean {
    return this.#closing && this.consumers.length === 0 && this.feeder === undefined && this.#owing.size === 0;
  }

  begin(): void {
    this.#startFeeder();
    for (let id = 1; id <= this.world.schedule.consumers; id++) this.#startConsumer(id, 1);
  }

  /** The end: of the source, which ends the feeder, or of everything by request. */
  close(): void {
    const { schedule, store } = this.world;
    this.world.note(() => `the end: ${schedule.end}`);
    if (schedule.end === 'source') {
      store.closing = true;
      this.feeder?.wake();
      if (this.#feederEnded) this.#finish();
    } else this.#finish();
  }

  stopConsumer(consumer: SimConsumer): void {
    if (consumer.truth.stopAskedAt !== undefined) return;
    this.world.note(() => `${consumer.truth.name} is asked to stop`);
    consumer.stop();
    this.world.timeline.after(STOP_TIMEOUT_MS, () => {
      if (consumer.process.alive) this.world.note(() => `${consumer.truth.name} did not stop in time`);
      consumer.process.kill();
    });
  }

  #finish(): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const consumer of [...this.consumers]) this.stopConsumer(consumer);
    this.#stopFeederWhenAlone();
  }

  #stopFeederWhenAlone(): void {
    const { feeder } = this;
    if (!this.#closing || this.consumers.length > 0 || feeder === undefined) return;
    feeder.stop();
    this.world.timeline.after(FEEDER_STOP_MS, () => {
      if (feeder.process.alive && !feeder.process.frozen)
        this.world.judge.fail('stop-ends', `${feeder.truth.name} does not stop`);
    });
  }

  #startFeeder(): void {
    const incarnation = ++this.#lastFeeder;
    const feeder = new SimFeeder(this.world, incarnation, {
      ended: () => {
        this.#feederEnded = !feeder.isStopping;
      },
      killRequest: (id, of) => this.#killRequest(id, of),
      leaving: (id, of) => this.#leaving(id, of),
    });
    this.feeder = feeder;
    feeder.process.onDeath(() => this.#soon(300, () => this.#feederGone(feeder)));
    this.#soon(BOOT_MS, () => {
      if (!feeder.process.alive) return;
      feeder.listen();
      this.#soon(CHANNEL_MS, () => this.#feederReady(feeder));
    });
  }

  #feederReady(feeder: SimFeeder): void {
    if (this.feeder !== feeder) return;
    this.#ready = feeder;
    for (const consumer of this.consumers) this.#tell(() => consumer.feederReady(feeder.incarnation));
    if (this.#closing) this.#stopFeederWhenAlone();
  }

  #feederGone(feeder: SimFeeder): void {
    const wasReady = this.#ready === feeder;
    this.feeder = undefined;
    this.#ready = undefined;
    const again = !this.#feederEnded && !this.#closing;
    if (wasReady && !(this.world.schedule.source.adopts && again)) this.#tellGone(feeder);
    if (this.#feederEnded) return this.#finish();
    if (again) this.#startFeederWhenDrained();
  }

  #tellGone({ incarnation }: SimFeeder): void {
    for (const consumer of this.consumers) {
      this.#owing.add(consumer);
      this.#tell(() =>
        consumer.feederGone(incarnation, () => this.#soon(CHANNEL_MS, () => this.#settleDebt(consumer))),
      );
      this.world.timeline.after(DRAIN_MS, () => {
        if (!this.#owing.has(consumer)) return;
        if (consumer.truth.handlings.size === 0 && !consumer.process.frozen && consumer.process.alive) {
          this.world.judge.fail('drained', `${consumer.truth.name} handles nothing, and does not say so`);
        }
        consumer.process.kill();
      });
    }
  }

  #settleDebt(consumer: SimConsumer): void {
    if (!this.#owing.delete(consumer) || this.#owing.size > 0) return;
    if (this.feeder === undefined && !this.#closing) this.#startFeederWhenDrained();
  }

  #startFeederWhenDrained(): void {
    if (this.#owing.size > 0) return;
    this.#soon(500, () => {
      if (this.feeder === undefined && !this.#closing && this.#owing.size === 0) this.#startFeeder();
    });
  }

  #startConsumer(id: number, incarnation: number): void {
    const consumer = new SimConsumer(this.world, id, incarnation);
    this.consumers.push(consumer);
    consumer.process.onDeath(() => {
      if (this.world.schedule.sabotage === 'lost-early') this.#dropConnections(consumer);
      this.#soon(this.#dice.pick([0, 1, 5, 50, 300, 6000]), () => this.#consumerGone(consumer));
    });
    const ready = this.#ready;
    if (ready !== undefined) this.#tell(() => consumer.feederReady(ready.incarnation));
  }

  #consumerGone(consumer: SimConsumer): void {
    const { id, incarnation, truth } = consumer;
    this.consumers.splice(this.consumers.indexOf(consumer), 1);
    this.#settleDebt(consumer);
    const { feeder } = this;
    if (feeder !== undefined) this.#tell(() => feeder.consumerGone(id, incarnation));
    if (this.#closing) return this.#stopFeederWhenAlone();
    if (truth.leaving && !this.#dice.chance(0.5) && this.consumers.length > 0) return;
    this.#soon(BOOT_MS, () => {
      if (!this.#closing) this.#startConsumer(id, incarnation + 1);
    });
  }

  /** A sabotage: what a dead consumer has said and the feeder has not read is thrown away. */
  #dropConnections({ truth }: SimConsumer): void {
    for (const { caller, up, far } of this.world.network.open) {
      if (caller.consumer !== truth) continue;
      up.cut();
      far.dropUnread();
    }
  }

  #killRequest(id: number, incarnation: number): void {
    const consumer = this.consumers.find((each) => each.id === id && each.incarnation === incarnation);
    if (consumer === undefined) return;
    this.world.note(() => `${consumer.truth.name} is to be killed`);
    this.world.judge.killAsked(consumer.truth);
    if (this.world.schedule.sabotage === 'kill-requests-lost') return;
    this.#tell(() => consumer.process.kill());
  }

  #leaving(id: number, incarnation: number): void {
    const consumer = this.consumers.find((each) => each.id === id && each.incarnation === incarnation);
    if (consumer === undefined) return;
    consumer.truth.leaving = true;
    this.#tell(() => this.stopConsumer(consumer));
  }

  /** Messages of a channel arrive in their order. */
  #tell(act: () => void): void {
    this.#lastTold = Math.max(this.#lastTold, this.world.now + this.#dice.random() * CHANNEL_MS);
    this.world.timeline.after(this.#lastTold - this.world.now, act);
  }

  #lastTold = 0;

  #soon(ms: number, act: () => void): void {
    this.world.timeline.after(this.#dice.random() * ms, act);
  }
}
