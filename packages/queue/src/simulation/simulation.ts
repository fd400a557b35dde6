import type { ConnectionFault, ConsumerFault, Fault } from './faults.js';
import type { Violation } from './judge/judge.js';
import type { SimConnection } from './network.js';
import type { Schedule } from './schedule.js';
import type { SimConsumer } from './sim-consumer.js';
import { SimLauncher } from './sim-launcher.js';
import { sendStranger } from './stranger.js';
import { World } from './world.js';

/** And so many more for each item. */
const MOST_STEPS = 30_000;
const STEPS_OF_ITEM = 30;
/** What is there is handled by then, whatever has happened. */
const LONGEST_MS = 1_500_000;
const AFTERMATH_MS = 70_000;
const TICK_MS = 1000;

/** How a schedule went. */
export interface Verdict {
  readonly violation: Violation | undefined;
  /** What happened, when it was asked for. */
  readonly trace: readonly string[];
  readonly steps: number;
}

/** Runs a schedule, in virtual time, until it is over or a rule is broken. */
export function simulate(schedule: Schedule, tracing = false): Promise<Verdict> {
  return new Simulation(new World(schedule, tracing)).run();
}

class Simulation {
  readonly #launcher: SimLauncher;
  #closed = false;
  #over = false;
  #steps = 0;

  constructor(private readonly world: World) {
    this.#launcher = new SimLauncher(world);
  }

  run(): Promise<Verdict> {
    const { world } = this;
    this.#plan();
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const goOn = (): void => {
      if (this.#advance()) return void setImmediate(goOn);
      resolve({ violation: world.judge.violation, trace: world.trace, steps: this.#steps });
    };
    setImmediate(goOn);
    return promise;
  }

  /** @returns true when promises have to settle before time goes on, false at the end */
  #advance(): boolean {
    const { judge, timeline } = this.world;
    const most = MOST_STEPS + STEPS_OF_ITEM * this.world.items.length;
    while (judge.violation === undefined && !this.#over && timeline.step()) {
      if (++this.#steps > most || timeline.now > LONGEST_MS) judge.fail('ends', 'it does not come to an end');
      if (!this.world.unsettled) continue;
      this.world.unsettled = false;
      return true;
    }
    return false;
  }

  #plan(): void {
    const { timeline, schedule } = this.world;
    this.#launcher.begin();
    for (const fault of schedule.faults) timeline.after(fault.at, () => this.#strike(fault));
    timeline.after(schedule.endMs, () => {
      this.#closed = true;
      this.#launcher.close();
    });
    timeline.after(schedule.endMs, () => this.#look());
  }

  #look(): void {
    if (this.#launcher.isOver) return this.#end();
    this.world.timeline.after(TICK_MS, () => this.#look());
  }

  #end(): void {
    this.world.timeline.after(AFTERMATH_MS, () => {
      const { network, judge } = this.world;
      for (const { number, near, far } of network.open) {
        judge.fail(
          'nothing-left',
          `connection ${number} is open: ${near.isOver ? '' : 'near '}${far.isOver ? '' : 'far'}`,
        );
      }
      judge.finale();
      this.#over = true;
    });
  }

  #strike(fault: Fault): void {
    if (this.#closed) return;
    this.world.note(() => `FAULT ${JSON.stringify(fault)}`);
    const { network, timeline } = this.world;
    const { feeder } = this.#launcher;
    switch (fault.type) {
      case 'kill-feeder':
        return feeder?.process.kill();
      case 'stop-feeder':
        return feeder?.stop();
      case 'freeze-feeder':
        return feeder?.freeze(fault.ms);
      case 'let-go':
        return feeder?.letGo(fault.count);
      case 'slow-network':
        network.slowness = 100;
        return void timeline.after(fault.ms, () => (network.slowness = 0));
      case 'unreachable':
        return network.hide(fault.ms);
      case 'stranger':
        return sendStranger(this.world, fault.kind, Math.floor(fault.at));
      case 'stick':
      case 'stall':
      case 'cut':
        return this.#strikeConnection(pick(network.open, fault.victim), fault);
      default:
        return this.#strikeConsumer(pick(this.#launcher.consumers, fault.victim), fault);
    }
  }

  #strikeConsumer(consumer: SimConsumer | undefined, fault: ConsumerFault): void {
    if (consumer === undefined) return;
    const { process } = consumer;
    if (fault.type !== 'freeze-consumer') {
      return fault.type === 'kill-consumer' ? process.kill() : this.#launcher.stopConsumer(consumer);
    }
    process.freeze();
    this.world.timeline.after(fault.ms, () => (fault.killed ? process.kill() : process.thaw()));
  }

  #strikeConnection(connection: SimConnection | undefined, fault: ConnectionFault): void {
    if (connection === undefined) return;
    const { near, far, up, down } = connection;
    if (fault.type !== 'cut') {
      return fault.type === 'stick' ? (fault.up ? near : far).stick(fault.ms) : (fault.up ? up : down).stall(fault.ms);
    }
    up.cut();
    down.cut();
    for (const [end, ms] of [
      [near, fault.nearMs],
      [far, fault.farMs],
    ] as const) {
      if (ms !== null) this.world.timeline.after(ms, () => end.fail('read ETIMEDOUT'));
    }
  }
}

function pick<T>(all: readonly T[], victim: number): T | undefined {
  return all[victim % all.length];
}
