import { ConfigError } from '../config/config-error.js';
import { DependencyError } from '../config/dependency-error.js';
import { ChangeRunningError, GroupUnknownError } from '../control/control-errors.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import { ChangeFailedError } from '../rollout/change-errors.js';
import type { FleetOperator } from '../launcher/fleet-operator.js';
import { isChange, type Change, type Operation } from './operations.js';
import { believed } from './sabotaged-groups.js';
import type { Outcome } from './sim-fleet.js';
import type { SimRun } from './sim-run.js';
import type { World } from './world.js';

const REFUSALS = [ChangeRunningError, GroupUnknownError, LauncherStateError, ConfigError, DependencyError];

const PRETENDED: Outcome = { result: { completed: true, left: 0 } };

/** How long it takes until somebody resumes what should not be. */
const MEDDLING_MS = 1500;

/** Who asks a master for something. */
export class SimOperator {
  /** When a change was last asked for while another one was under way. */
  #secondAskedAt = -Infinity;

  constructor(
    private readonly world: World,
    private readonly run: SimRun,
    private readonly operator: FleetOperator,
  ) {}

  ask(operation: Operation): void {
    this.world.note(() => `${this.run.master.name} is asked: ${JSON.stringify(operation)}`);
    this.world.unsettled = true;
    if (!isChange(operation)) return this.#attempt(operation, () => this.#suspendOrResume(operation));
    if (this.run.fleet.change !== undefined) return void this.#askSecond(operation);
    this.#attempt(operation, () => void this.#change(operation).then((outcome) => this.#changed(outcome)));
  }

  /** One that was asked for in the same moment may have been let in. */
  #changed(outcome: Outcome): void {
    this.world.judge.changed(this.run, outcome);
    if (this.#secondAskedAt === this.world.now) this.run.fleet.lostTrack(this.world.now);
  }

  /** The judge has to know before it is decided. */
  #attempt(operation: Operation, action: () => void): void {
    this.world.judge.operated(this.run, operation);
    try {
      action();
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (!REFUSALS.some((refusal) => error instanceof refusal)) return this.world.judge.crashed(error);
    this.world.note(() => `refused: ${(error as Error).message}`);
    this.world.judge.refused(this.run);
  }

  #suspendOrResume(operation: Exclude<Operation, Change>): void {
    if (operation.type === 'resume') return this.operator.resume(operation.group);
    if (this.world.has('suspensions-lost') && this.world.dice.chance(0.5)) return;
    this.operator.suspend(operation.group, operation);
    if (!this.world.has('resumed-unasked')) return;
    this.run.master.after(MEDDLING_MS, () => this.#meddle(operation.group));
  }

  #meddle(group: string | undefined): void {
    try {
      this.operator.resume(group);
    } catch (error) {
      this.world.note(() => `refused: ${(error as Error).message}`);
    }
  }

  /** One at a time. */
  async #askSecond(operation: Operation & Change): Promise<void> {
    const askedAt = this.world.now;
    this.#secondAskedAt = askedAt;
    const { code } = await this.#outcomeOf(operation);
    const isRefused = code === 'CHANGE_RUNNING' || code === 'LAUNCHER_STATE' || code === 'GROUP_UNKNOWN';
    const { fleet, master } = this.run;
    if (isRefused || !master.alive) return;
    // The one before has come to its end in the same moment.
    if (fleet.changedAt === askedAt || !fleet.isTracked) fleet.lostTrack(this.world.now);
    else this.world.judge.admittedSecond(operation);
  }

  /** Settles with the change; never, when nobody may learn of it. */
  async #change(operation: Operation & Change): Promise<Outcome> {
    const isPretended =
      operation.type === 'reload' && this.world.has('reload-pretended') && this.world.dice.chance(0.5);
    const outcome = isPretended ? PRETENDED : await this.#outcomeOf(operation);
    const isLost = this.world.has('changes-unsettled') && this.world.dice.chance(0.3);
    return isLost || !this.run.master.alive ? new Promise<never>(() => {}) : outcome;
  }

  async #outcomeOf(operation: Operation & Change): Promise<Outcome> {
    try {
      return { result: (await this.#carryOut(operation)) ?? {} };
    } catch (error) {
      const code = (error as { code?: string }).code;
      const isKnown = [...REFUSALS, ChangeFailedError].some((each) => error instanceof each);
      if (!isKnown) this.world.judge.crashed(error);
      this.world.note(() => `fails: ${(error as Error).message}`);
      return { result: undefined, code };
    }
  }

  #carryOut(operation: Operation & Change): Promise<Outcome['result'] | void> {
    switch (operation.type) {
      case 'restart':
        return this.operator.restart(operation.group, operation);
      case 'scale':
        return this.operator.scale(operation.group, operation.count);
      case 'reload':
        return this.operator.reload(operation.group);
      case 'apply':
        return this.operator.apply(believed(this.world.schedule, operation));
    }
  }
}
