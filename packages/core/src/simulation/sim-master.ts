import { EventBus } from '../events/event-bus.js';
import type { LauncherView, LifecycleEventMap } from '../events/lifecycle-events.js';
import { LauncherEngine } from '../launcher/launcher-engine.js';
import type { LauncherLimitOptions, LauncherOptions } from '../launcher/launcher-options.js';
import { Dice } from './dice.js';
import { ProgramClock } from './program-clock.js';
import type { Operation } from './operations.js';
import { believed } from './sabotaged-groups.js';
import { AFAR } from './schedule.js';
import { SimFleetRunningError, SimHost } from './sim-host.js';
import { SimOperator } from './sim-operator.js';
import type { SimRemote } from './sim-remote.js';
import { Tenancy, type SimRun } from './sim-run.js';
import { SimSink } from './sim-sink.js';
import type { World } from './world.js';

const PROCESS_EVENTS = ['process_created', 'process_started', 'process_timedout', 'process_stopped'] as const;

/** Between two operations that arrive at once. */
const TURN_MS = 1;

/** A life of a master: the launcher's engine itself, in a simulated process. */
export class SimMaster {
  readonly sink: SimSink;
  readonly #engine: LauncherEngine;
  readonly #operator: SimOperator;
  #nextTurn = 0;
  /** The master dies before or after its so many-th effect. */
  #doom: { effects: number; readonly after: boolean } | undefined;

  constructor(
    private readonly world: World,
    readonly run: SimRun,
    remote: SimRemote | undefined,
  ) {
    this.sink = new SimSink(world, run);
    const bus = this.#bus();
    const view: LauncherView = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
    const { schedule } = world;
    const options = {
      ...limitsOf(world),
      clock: new ProgramClock(world, run.master),
      bootSlots: 4,
      agents: agentsOf(world, run, remote),
      host: new SimHost(world, new Tenancy(run, run.master), (what, action) => this.#act(what, action)),
      logger: this.sink,
      random: new Dice(schedule.seed, run.number, 2).random,
    };
    this.#engine = new LauncherEngine(believed(schedule, schedule), options, view, bus);
    this.#operator = new SimOperator(world, run, this.#engine.operator);
    run.fleet.view = () => this.#engine.processes;
    void this.#live();
  }

  /** By their ids. */
  get states(): ReadonlyMap<number, string> {
    return new Map(this.#engine.processes.map(({ id, state }) => [id, state]));
  }

  /** A signal. A master that is frozen handles it later. */
  stop(): void {
    this.run.master.after(0, () => this.#ask('stop'), 'input');
  }

  kill(): void {
    this.run.master.after(0, () => this.#ask('kill'), 'input');
  }

  /** Over its control socket. One that has not begun, or has ended, has none. */
  operate(operation: Operation): void {
    const ask = (): void => {
      if (this.run.openedAt !== undefined && this.run.exitCode === undefined) this.#operator.ask(operation);
    };
    // Of several that have waited while it was frozen each has its own turn.
    this.run.master.after(
      0,
      () => {
        this.#nextTurn = Math.max(this.world.now, this.#nextTurn + TURN_MS);
        this.run.master.after(this.#nextTurn - this.world.now, ask, 'input');
      },
      'input',
    );
  }

  dieAt(effects: number, after: boolean): void {
    this.#doom = { effects, after };
  }

  async #live(): Promise<void> {
    const { master } = this.run;
    try {
      const { exitCode } = await this.#engine.run();
      if (!master.alive) return;
      this.world.judge.ended(this.run, exitCode, this.states);
      master.exit(exitCode);
    } catch (error) {
      if (!master.alive) return;
      if (!(error instanceof SimFleetRunningError)) this.world.judge.crashed(error);
      this.world.note(() => `${master.name} is refused`);
      master.exit(75);
    }
  }

  #ask(how: 'stop' | 'kill'): void {
    this.world.note(() => `${this.run.master.name} is asked to ${how}`);
    this.run[`${how}AskedAt`] ??= this.world.now;
    this.world.unsettled = true;
    this.#engine[how]();
  }

  #act(what: string, action: () => void): void {
    const { master } = this.run;
    if (!master.alive) return;
    const last = this.#doom !== undefined && --this.#doom.effects === 0;
    if (last && !this.#doom!.after) return master.kill();
    this.world.note(() => `${master.name} ${what}`);
    action();
    if (last) master.kill();
  }

  #bus(): EventBus {
    const bus = new EventBus((_name, error) => this.world.judge.crashed(error));
    for (const name of PROCESS_EVENTS) bus.on(name, (event) => this.#published(name, event));
    return bus;
  }

  #published<N extends (typeof PROCESS_EVENTS)[number]>(name: N, event: LifecycleEventMap[N]): void {
    if (!this.run.master.alive) return;
    const exit = 'exit' in event ? event.exit : undefined;
    const { id, incarnation: number } = event.process;
    this.world.note(() => `${this.run.master.name} publishes ${name} ${id}.${number} ${exit?.reason ?? ''}`);
    this.world.judge.published({ run: this.run, name, id, number, exit });
  }
}

function agentsOf({ schedule }: World, { master }: SimRun, remote: SimRemote | undefined): LauncherOptions['agents'] {
  if (remote === undefined) return undefined;
  return new Map([[schedule.remote!.mixed ? AFAR : 'localhost', remote.connection(master)]]);
}

function limitsOf({ schedule: { limits, sabotage } }: World): LauncherLimitOptions {
  return sabotage === 'time-outs-off' ? { ...limits, maxProcessTimeout: 0 } : limits;
}
