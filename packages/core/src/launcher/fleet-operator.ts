import { GroupUnknownError } from '../control/control-errors.js';
import type { FleetWatch } from '../control/fleet-watch.js';
import type { ApplyResult, ForceOptions, ReloadResult } from '../control/fleet-control.js';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import type { ChangeName } from '../rollout/change-decision.js';
import { ChangeRunner } from '../rollout/change-runner.js';
import type { FleetPort } from '../rollout/fleet-port.js';
import type { LauncherEvent } from './launcher-decision.js';
import type { LauncherState } from './launcher-state.js';

/** What an operator can change of a run: see `FleetControl`. */
export class FleetOperator {
  readonly #runner: ChangeRunner;

  constructor(
    private readonly state: LauncherState,
    private readonly post: (event: LauncherEvent) => void,
    private readonly port: FleetPort,
    /** Writes changes down. */
    private readonly watch?: Pick<FleetWatch, 'during'>,
  ) {
    this.#runner = new ChangeRunner(port);
  }

  /** What is under way. */
  get change(): ChangeName | undefined {
    return this.#runner.running;
  }

  /** Those that there are, in the order of the configuration. */
  get groups(): readonly (GroupOptions | QueueGroupOptions)[] {
    return this.port.groups;
  }

  isSuspended(group: string): boolean {
    return this.port.isSuspended(group);
  }

  /** @param name undefined: all groups */
  suspend(name: string | undefined, { force = false }: ForceOptions = {}): void {
    this.post({ type: 'suspend', groups: this.#groups(name), force });
  }

  /** @param name undefined: all groups */
  resume(name: string | undefined): void {
    this.post({ type: 'resume', groups: this.#groups(name) });
  }

  restart(name: string, options?: ForceOptions): Promise<void> {
    return this.#during('restart', name, () => this.#runner.restart(name, options));
  }

  scale(name: string, count: number): Promise<void> {
    return this.#during('scale', name, () => this.#runner.scale(name, count));
  }

  reload(name: string | undefined): Promise<ReloadResult> {
    return this.#during('reload', name, () => this.#runner.reload(name));
  }

  apply(groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<ApplyResult> {
    return this.#during('configuration', undefined, () => this.#runner.apply(groups));
  }

  /** All events so far were decided. A stop ends a change at once. */
  settled(): void {
    if (this.state.phase === 'running') this.#runner.settled();
    else this.#runner.stop();
  }

  /** Meanwhile there may be no processes at all, and the run goes on. */
  async #during<R extends ReloadResult | ApplyResult | void>(
    change: ChangeName,
    name: string | undefined,
    action: () => Promise<R>,
  ): Promise<R> {
    this.#groups(name);
    // One that is refused because of another does not begin.
    const isRefused = this.change !== undefined || this.watch === undefined;
    this.post({ type: 'change', begins: true });
    try {
      if (isRefused) return await action();
      return await this.watch!.during({ change, ...(name !== undefined && { group: name }) }, action);
    } finally {
      this.post({ type: 'change', begins: false });
    }
  }

  #groups(name: string | undefined): string[] {
    if (this.state.phase !== 'running')
      throw new LauncherStateError('Nothing can be changed: the launcher does not run');
    // One that is being replaced may not be there for now: it can be suspended and resumed all the same.
    const known = [...this.state.groups.keys(), ...this.state.absent];
    if (name === undefined) return known;
    if (!known.includes(name)) throw new GroupUnknownError(name, known);
    return [name];
  }
}
