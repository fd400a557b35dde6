import { cleanUp, killRegistered, LOOK_AGAIN_MS } from './clean-up.js';
import type { RunFolder } from './run-directory.js';
import type { SimProcess } from './machine.js';
import type { Tenancy } from './sim-run.js';
import type { World } from './world.js';

/** Keeps a watchdog for a run: one that was killed is replaced, as long as the launcher lives. */
export class Watchdog {
  #ended = false;
  #cancelLease = (): void => {};

  constructor(
    private readonly world: World,
    private readonly tenancy: Tenancy,
    private readonly folder: RunFolder,
  ) {
    this.#spawn();
  }

  /** A clean end: it has nothing to do. */
  end(): void {
    this.#ended = true;
    this.tenancy.watchdog?.kill('SIGTERM');
  }

  /** An agent has the lease for so long; a frozen one cannot end its processes itself. */
  renewLease(remainingMs: number): void {
    this.#cancelLease();
    const { watchdog, machine } = this.tenancy;
    if (this.world.has('watchdog-lease-off') || watchdog === undefined) return;
    this.#cancelLease = watchdog.after(remainingMs / machine.rate, () => this.#leaseOver(watchdog));
  }

  /** Until the lease is renewed: something may just be on its way into the journal. */
  #leaseOver(watchdog: SimProcess): void {
    killRegistered(this.world, watchdog, this.folder);
    this.#cancelLease = watchdog.after(LOOK_AGAIN_MS, () => this.#leaseOver(watchdog));
  }

  #spawn(): void {
    const { launcher, machine } = this.tenancy;
    const process = machine.spawn(`watchdog of ${launcher.name}`);
    this.tenancy.watchdog = process;
    process.onTerminate = () => {};
    launcher.onDeath(() => process.after(this.world.latencyMs(), () => this.#launcherDied(process), 'input'));
    process.onDeath(() => {
      if (!this.#ended) launcher.after(this.world.latencyMs(), () => this.#spawn(), 'input');
    });
  }

  #launcherDied(process: SimProcess): void {
    if (this.world.has('watchdog-off')) return process.exit(0);
    cleanUp(this.world, process, this.folder, () => process.exit(0));
  }
}
