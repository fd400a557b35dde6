import type { LogLevel } from '../logger/logger.js';
import type { HostedProcess, HostRun, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { drawBehaviour, type Behaviour } from './behaviour.js';
import { cleanUp } from './clean-up.js';
import { Dice } from './dice.js';
import { Program } from './program.js';
import type { RunFolder } from './run-directory.js';
import { Incarnation, type Tenancy } from './sim-run.js';
import { Watchdog } from './watchdog.js';
import type { World } from './world.js';

/** Thrown to a master that finds another one of its fleet. */
export class SimFleetRunningError extends Error {}

/** A simulated machine as a launcher sees it. What a dead launcher asks for is not done. */
export class SimHost implements ProcessHost {
  #folder: RunFolder | undefined;
  #watchdog: Watchdog | undefined;

  constructor(
    private readonly world: World,
    private readonly tenancy: Tenancy,
    private readonly act: (what: string, action: () => void) => void,
  ) {}

  async open(log: (level: LogLevel, message: string) => void): Promise<HostRun> {
    await this.#wait();
    const { folder, epoch } = await this.#take();
    this.#folder = folder;
    this.tenancy.folder = folder;
    this.#watchdog = new Watchdog(this.world, this.tenancy, folder);
    this.tenancy.launcher.onDeath(() => this.world.judge.launcherDied(this.tenancy));
    for (const left of this.tenancy.machine.runs.left) {
      log('warn', `Ends what run ${left.number} has left`);
      await this.#cleanUp(left);
    }
    this.world.judge.opened(this.tenancy, epoch);
    return { epoch, folder: '/run/simulated' };
  }

  start(spec: ProcessSpec, number: number, listener: ProcessListener): HostedProcess {
    const incarnation = new Incarnation(this.tenancy, this.world.nextSerial(), spec, number, this.world.now);
    const behaviour = this.#behaviourOf(incarnation);
    let hosted: HostedProcess = NOTHING;
    this.act(`starts ${incarnation.name}`, () => {
      this.tenancy.run.incarnations.push(incarnation);
      this.world.judge.started(incarnation);
      if (behaviour.spawn === 'throws') throw new Error('It cannot be passed on');
      if (behaviour.spawn === 'fails') this.#failLater(listener);
      else hosted = new Program(this.world, incarnation, this.#folder!, behaviour, listener, this.act);
    });
    return hosted;
  }

  async close(): Promise<void> {
    this.world.note(() => `${this.tenancy.launcher.name} closes`);
    this.#watchdog?.end();
    this.#folder?.remove();
  }

  renewLease(remainingMs: number): void {
    this.#watchdog?.renewLease(remainingMs);
  }

  #behaviourOf({ spec, number }: Incarnation): Behaviour {
    const { seed, trouble } = this.world.schedule;
    return drawBehaviour(new Dice(seed, this.tenancy.run.number, spec.id, number), spec.config, trouble);
  }

  #failLater(listener: ProcessListener): void {
    this.tenancy.launcher.after(this.world.latencyMs(), () => {
      this.world.unsettled = true;
      listener.spawnFailed('Resource temporarily unavailable');
    });
  }

  /** Whoever loses the race for a run looks again. */
  async #take(): Promise<{ folder: RunFolder; epoch: number }> {
    const { launcher, machine } = this.tenancy;
    const { runs } = machine;
    for (;;) {
      const latest = runs.latest;
      if (latest?.exists && latest.holder.alive && !this.world.has('lock-off'))
        throw new SimFleetRunningError('Runs already');
      await this.#wait();
      const epoch = Math.max((latest?.epoch ?? 0) + 1, Math.floor(this.world.now));
      const folder = runs.take((latest?.number ?? 0) + 1, epoch, launcher);
      if (folder !== undefined) return { folder, epoch };
    }
  }

  #cleanUp(left: RunFolder): Promise<void> {
    return this.#settled((done) => cleanUp(this.world, this.tenancy.launcher, left, done));
  }

  #wait(): Promise<void> {
    return this.#settled((done) => this.tenancy.launcher.after(this.world.latencyMs(), done));
  }

  #settled(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      begin(() => {
        this.world.unsettled = true;
        resolve();
      });
    });
  }
}

/** What a launcher has in hand that died before it could start anything. */
const NOTHING: HostedProcess = {
  send: () => {},
  terminate: () => {},
  kill: () => {},
  pauseReading: () => {},
  resumeReading: () => {},
  residentBytes: () => undefined,
};
