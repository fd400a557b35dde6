import { FeederEngine } from '../feeder/feeder-engine.js';
import { proofBy } from '../feeder/authentication.js';
import { ProgramClock } from './program-clock.js';
import { SimProcess } from './sim-process.js';
import { SimSource } from './sim-source.js';
import type { LifeTruth } from './truth.js';
import { maxItemSize } from './schedule.js';
import type { World } from './world.js';

const POLL_INTERVAL_MS = 1000;

export interface FeederCalls {
  ended(): void;
  killRequest(id: number, incarnation: number): void;
  leaving(id: number, incarnation: number): void;
}

/** One life of the feeder: the real engine in a played process. */
export class SimFeeder {
  readonly process: SimProcess;
  readonly truth: LifeTruth;
  /** It was asked to stop: its end is not that of the source. */
  isStopping = false;
  readonly #clock: ProgramClock;
  readonly #engine: FeederEngine;

  constructor(
    private readonly world: World,
    readonly incarnation: number,
    private readonly calls: FeederCalls,
  ) {
    const name = `feeder-${incarnation}`;
    this.process = new SimProcess(world, name);
    this.truth = {
      name,
      incarnation,
      alive: true,
      endedAt: Infinity,
      saidBye: false,
      ended: false,
      frozenAt: -Infinity,
      frozen: false,
      items: new Map(),
    };
    world.lives.push(this.truth);
    this.process.onDeath(() => {
      world.note(() => `${name} is dead`);
      Object.assign(this.truth, { alive: false, endedAt: world.now });
    });
    this.#clock = new ProgramClock(this.process, 7000 * incarnation, world.losesTimer);
    this.#engine = this.#start();
    this.#engine.ended.then(
      () => this.#ended(),
      () => this.#ended(),
    );
  }

  listen(): void {
    const { process, truth } = this;
    this.world.network.listen({ process, life: truth, accept: (link) => this.#engine.accept(link) });
    this.process.run(() => this.#engine.post({ type: 'start' }));
  }

  consumerGone(id: number, incarnation: number): void {
    this.process.run(() => this.#engine.post({ type: 'consumer-gone', id, incarnation }));
  }

  letGo(count: number): void {
    this.process.run(() => this.#engine.post({ type: 'let-go', count }));
  }

  wake(): void {
    this.process.run(() => this.#engine.post({ type: 'wake' }));
  }

  stop(): void {
    this.isStopping = true;
    this.process.run(() => this.#engine.post({ type: 'stop' }));
  }

  freeze(ms: number): void {
    this.process.freeze();
    this.truth.frozen = true;
    this.world.timeline.after(ms, () => {
      Object.assign(this.truth, { frozen: false, frozenAt: this.world.now });
      this.process.thaw();
    });
  }

  #start(): FeederEngine {
    const { world, process, truth, calls } = this;
    const { concurrency, window, itemTimeoutMs, abortGraceMs, maxIdleMs, sabotage } = world.schedule;
    return new FeederEngine({
      concurrency,
      window: sabotage === 'window-off' && window !== 'auto' ? window + 5 : window,
      maxItemSize: maxItemSize(world.schedule),
      itemTimeoutMs,
      abortGraceMs,
      pollIntervalMs: POLL_INTERVAL_MS,
      maxIdleMs,
      prove: proofBy(world.key),
      source: new SimSource(world, process, truth),
      clock: this.#clock,
      logger: world.loggerOf(truth.name),
      life: truth.name,
      listener: {
        demand: () => {},
        leaving: ({ id, incarnation }) => calls.leaving(id, incarnation),
        killRequest: ({ id, incarnation }) => calls.killRequest(id, incarnation),
      },
    });
  }

  #ended(): void {
    this.world.note(() => `${this.truth.name} has come to its end`);
    this.truth.ended = true;
    this.process.after(5, () => {
      const { waiting } = this.#clock;
      if (waiting > 0)
        this.world.judge.fail('nothing-left', `${this.truth.name} has ended and leaves ${waiting} timers`);
      this.calls.ended();
      this.process.kill();
    });
  }
}
