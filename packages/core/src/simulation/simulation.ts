import { setImmediate } from 'node:timers/promises';
import { isProcessFault, isRemoteFault, type Fault, type ProcessFault, type RemoteFault } from './faults.js';
import type { Violation } from './judge/judge.js';
import type { Operation } from './operations.js';
import type { Schedule } from './schedule.js';
import { SimMaster } from './sim-master.js';
import { SimRemote } from './sim-remote.js';
import { SimRun } from './sim-run.js';
import { World } from './world.js';

const TICK_MS = 250;
const STRANGER_MS = 700;
/** When all is over, what must not be there has so long to show up. */
const AFTERMATH_MS = 2000;
/** For each second of a lease: its clock may be slow, and a frozen agent has its processes ended by others. */
const LEASE_PATIENCE_MS = 2500;
const MOST_STEPS = 500_000;

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
  readonly #masters: SimMaster[] = [];
  readonly #remote: SimRemote | undefined;
  #closing = false;
  #over = false;

  constructor(private readonly world: World) {
    this.#remote = world.schedule.remote === undefined ? undefined : new SimRemote(world);
  }

  async run(): Promise<Verdict> {
    this.#plan();
    const { judge, timeline } = this.world;
    let steps = 0;
    await this.#settle();
    while (judge.violation === undefined && !this.#over && timeline.step()) {
      await this.#settle();
      if (++steps > MOST_STEPS) judge.endless();
    }
    return { violation: judge.violation, trace: this.world.trace, steps };
  }

  #plan(): void {
    const { timeline, schedule } = this.world;
    this.#startMaster();
    for (const fault of schedule.faults)
      if (fault.at < schedule.endMs) timeline.after(fault.at, () => this.#strike(fault));
    for (const each of schedule.operations)
      if (each.at < schedule.endMs) timeline.after(each.at, () => this.#operate(each));
    for (let count = 0; count < schedule.strangers; count++) timeline.after(count * 100, () => this.#stranger());
    timeline.after(TICK_MS, () => this.#tick());
    timeline.after(schedule.endMs, () => this.#close());
  }

  /** What waits for a promise goes on before time does: at once, as far as we know of the promise. */
  async #settle(): Promise<void> {
    if (!this.world.unsettled && !this.world.changing) return;
    this.world.unsettled = false;
    await setImmediate();
  }

  #tick(): void {
    this.world.judge.tick();
    this.world.timeline.after(TICK_MS, () => this.#tick());
  }

  #startMaster(): void {
    const { machine, runs, schedule } = this.world;
    const number = runs.length + 1;
    const process = machine.spawn(`master ${number}`);
    const run = new SimRun(number, process, schedule, this.world.now);
    runs.push(run);
    this.world.note(() => `${process.name} begins`);
    process.onDeath(() => this.#masterDied(run));
    this.#masters.push(new SimMaster(this.world, run, this.#remote));
    this.world.unsettled = true;
  }

  #masterDied(run: SimRun): void {
    this.world.note(() => `${run.master.name} is dead`);
    if (this.#closing) this.world.timeline.after(0, () => this.#close());
  }

  /** The master that has the fleet, or the latest that wants it. */
  #current(): SimMaster | undefined {
    const living = this.#masters.filter(({ run }) => run.master.alive);
    return living.find(({ run }) => run.openedAt !== undefined) ?? living.at(-1);
  }

  /** Nobody is left: a last master is started only to be stopped, so that it ends what may be left. */
  #close(): void {
    const last = this.#masters.at(-1)!.run;
    if (this.#closing && !this.#current() && last.exitCode !== undefined) return this.#end();
    this.#closing = true;
    if (!this.#current()) this.#startMaster();
    this.#current()!.stop();
  }

  #end(): void {
    const { remote } = this.world.schedule;
    this.world.timeline.after(AFTERMATH_MS + (remote?.lease ?? 0) * LEASE_PATIENCE_MS, () => {
      this.world.judge.finale();
      this.#over = true;
    });
  }

  #stranger(): void {
    if (this.#closing) return;
    const stranger = this.world.machine.spawn('stranger');
    this.world.timeline.after(this.world.dice.between(0, STRANGER_MS), () => {
      stranger.exit(0);
      this.#stranger();
    });
  }

  #operate(operation: Operation): void {
    if (!this.#closing) this.#current()?.operate(operation);
  }

  #strike(fault: Fault): void {
    if (this.#closing) return;
    // Nothing can be done to a machine that stands still.
    if (this.#isSuspended(fault)) return void this.world.timeline.after(TICK_MS, () => this.#strike(fault));
    this.world.note(() => `FAULT ${JSON.stringify(fault)}`);
    if (fault.type === 'start-master') return this.#startMaster();
    if (isRemoteFault(fault)) return this.#remote && this.#strikeRemote(this.#remote, fault);
    if (isProcessFault(fault)) return this.#strikeProcess(fault);
    const current = this.#current();
    if (current !== undefined) this.#strikeMaster(current, fault);
  }

  #isSuspended(fault: Fault): boolean {
    const { machine } = isRemoteFault(fault) && this.#remote !== undefined ? this.#remote : this.world;
    return machine.suspended;
  }

  #strikeProcess(fault: ProcessFault): void {
    const living = this.world.incarnations.filter(({ leader }) => leader?.alive);
    const victim = living[fault.victim % living.length]?.leader;
    if (victim === undefined) return;
    if (fault.type === 'kill-process') return victim.kill();
    if (fault.type === 'terminate-process') return victim.terminate();
    victim.stop();
    this.world.timeline.after(fault.ms, () => victim.continue());
  }

  #strikeMaster(current: SimMaster, fault: Exclude<Fault, ProcessFault | RemoteFault>): void {
    const { master, home } = current.run;
    const { watchdog } = home;
    switch (fault.type) {
      case 'kill-master':
        return master.kill();
      case 'kill-watchdog':
        return watchdog?.kill();
      case 'kill-both':
        watchdog?.kill();
        return master.kill();
      case 'kill-master-at':
        return current.dieAt(fault.effect, fault.after);
      case 'freeze-master':
        return this.#freeze(
          fault.ms,
          () => master.stop(),
          () => master.continue(),
        );
      case 'freeze-machine':
        return this.#freeze(
          fault.ms,
          () => this.world.machine.suspend(),
          () => this.world.machine.resume(),
        );
      case 'slow-sink':
        return current.sink.slow(fault.ms);
      case 'stop':
        return current.stop();
      case 'kill':
        return current.kill();
    }
  }

  #strikeRemote(remote: SimRemote, fault: RemoteFault): void {
    const { agent, machine } = remote;
    const { network } = this.world;
    switch (fault.type) {
      case 'cut':
        return this.#freeze(
          fault.ms,
          () => network.cut(),
          () => network.heal(),
        );
      case 'slow-network':
        return this.#freeze(
          fault.ms,
          () => (network.slowness = 400),
          () => (network.slowness = 0),
        );
      case 'freeze-agent':
        return this.#freeze(
          fault.ms,
          () => agent?.process.stop(),
          () => agent?.process.continue(),
        );
      case 'suspend-remote':
        return this.#freeze(
          fault.ms,
          () => machine.suspend(),
          () => machine.resume(),
        );
      case 'break-links':
        return remote.breakLinks();
      case 'kill-agent-and-watchdog':
        agent?.tenancy?.watchdog?.kill();
        return agent?.process.kill();
      case 'kill-agent':
        return agent?.process.kill();
      case 'race-agents':
        return remote.race();
      case 'move-host':
        return remote.move();
    }
  }

  #freeze(ms: number, freeze: () => void, thaw: () => void): void {
    freeze();
    this.world.timeline.after(ms, () => {
      this.world.hinder();
      thaw();
    });
  }
}
