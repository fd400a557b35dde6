import { Dice } from './dice.js';
import { Machine } from './machine.js';
import type { Sabotage, Schedule } from './schedule.js';
import type { Incarnation, SimRun, Tenancy } from './sim-run.js';
import { Network } from './network.js';
import { Timeline } from './timeline.js';

/** All that is simulated and true, whoever knows of it. */
export class Truth {
  readonly timeline = new Timeline();
  /** The master's. */
  readonly machine = new Machine('localhost', this.timeline);
  /** Two that the remote host's name may mean; empty when everything runs beside the master. */
  readonly places: readonly Machine[];
  readonly network: Network;
  readonly runs: SimRun[] = [];
  /** Delays of the operating system. */
  readonly dice: Dice;
  /** Promises were settled: what waits for them has to go on before time does. */
  unsettled = true;
  /** When the machine, a master or its log was last hindered: deadlines are judged from then on. */
  hinderedAt = 0;
  readonly trace: string[] = [];
  #serial = 0;

  constructor(
    readonly schedule: Schedule,
    private readonly tracing = false,
  ) {
    this.dice = new Dice(schedule.seed, 1);
    this.network = new Network(this);
    const names = schedule.remote === undefined ? [] : ['one', 'another'];
    this.places = names.map((name) => new Machine(name, this.timeline, schedule.remote!.clockRate));
  }

  get now(): number {
    return this.timeline.now;
  }

  get incarnations(): Incarnation[] {
    return this.runs.flatMap(({ incarnations }) => incarnations);
  }

  /** A machine, a master or its log stands still. */
  get hindered(): boolean {
    if (this.network.hinders) return true;
    if (this.machine.suspended || this.places.some(({ suspended }) => suspended)) return true;
    return this.runs.some(({ master, full, tenancies }) => (master.alive && full) || tenancies.some(isFrozen));
  }

  /** A master works on a change of its fleet. */
  get changing(): boolean {
    return this.runs.some(({ master, fleet }) => master.alive && fleet.change !== undefined);
  }

  has(sabotage: Sabotage): boolean {
    return this.schedule.sabotage === sabotage;
  }

  /** Whether this one of many falls victim to a sabotage. */
  loses(sabotage: Sabotage): boolean {
    return this.has(sabotage) && this.dice.chance(0.01);
  }

  nextSerial(): number {
    return ++this.#serial;
  }

  hinder(): void {
    this.hinderedAt = this.now;
  }

  /** Some milliseconds that a signal, a message or a system call takes. */
  latencyMs(): number {
    return this.dice.random() * 3;
  }

  note(text: () => string): void {
    if (this.tracing) this.trace.push(`${this.now.toFixed(1).padStart(9)}  ${text()}`);
  }
}

function isFrozen({ launcher }: Tenancy): boolean {
  return launcher.alive && launcher.stopped;
}
