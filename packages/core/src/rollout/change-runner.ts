import { Alarm } from '../clock/alarm.js';
import { checkDependencies } from '../config/check-dependencies.js';
import { ConfigError } from '../config/config-error.js';
import { ChangeRunningError, GroupUnknownError } from '../control/control-errors.js';
import type { ApplyResult, ForceOptions, ReloadResult } from '../control/fleet-control.js';
import { placeProcesses } from '../placement/place-processes.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { planChanges } from '../plan/plan-changes.js';
import type { Change, ChangeEffect, ChangeEvent, ChangeName, FleetView } from './change-decision.js';
import { ChangeFailedError } from './change-errors.js';
import { tasksOf, type Task } from './change-tasks.js';
import type { FleetPort } from './fleet-port.js';
import { createReload, decideReload } from './reload-machine.js';
import { scaleGroup } from './scale-group.js';
import { createTasks, decideTasks, type TasksOptions, type TasksResult } from './tasks-machine.js';

/** So many processes are looked at whenever something happens; more of them at most every LOOK_MS. */
const FEW = 100;
const LOOK_MS = 100;

interface Running {
  readonly change: Change<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reloads, restarts, scales a fleet, or makes it what another configuration says: one change at a time. Each is a machine
 * of decisions; here they meet the launcher.
 */
export class ChangeRunner {
  readonly #port: FleetPort;
  readonly #alarm: Alarm;
  #running: Running | undefined;
  readonly #mailbox: ChangeEvent[] = [];
  #draining = false;
  #lookedAt = -Infinity;
  /** Groups that were scaled, as they were configured. */
  readonly #configured = new Map<string, AnyGroupOptions>();

  constructor(port: FleetPort) {
    this.#port = port;
    this.#alarm = new Alarm(port.clock, () => this.#post({ type: 'settled' }));
  }

  /** What is under way. */
  get running(): ChangeName | undefined {
    return this.#running?.change.name;
  }

  /**
   * Stops all processes of a group and starts them again.
   *
   * @returns when all were started again
   * @throws GroupUnknownError, ChangeRunningError
   * @throws ChangeFailedError when one was not in time, or the fleet stops
   */
  async restart(group: string, { force = false }: ForceOptions = {}): Promise<void> {
    const options = this.#find(group);
    await this.#change('restart', `Restart of group ${group}`, [{ type: 'recycle', groups: [options], force }]);
  }

  /**
   * Changes the number of processes of a group, or of consumers of a queue group.
   *
   * @returns when what is new was started
   * @throws GroupUnknownError, ChangeRunningError, ProcessCountError
   * @throws ChangeFailedError when something was not started in time, or the fleet stops
   */
  async scale(group: string, count: number): Promise<void> {
    const before = this.#find(group);
    const configured = this.#configured.get(group) ?? before;
    // Its reload may have been updated since.
    const after = { ...scaleGroup(configured, count), reload: before.reload };
    this.#refuseSecond();
    this.#configured.set(group, configured);
    const tasks: Task[] =
      'consumers' in before
        ? [{ type: 'resize', before, group: after }]
        : [
            { type: 'retire', groups: [before] },
            { type: 'add', groups: [after] },
          ];
    await this.#change('scale', `Scaling of group ${group} to ${count}`, tasks);
  }

  /**
   * Replaces processes batch by batch.
   *
   * @param group default: all
   * @throws GroupUnknownError, ChangeRunningError
   */
  async reload(group?: string): Promise<ReloadResult> {
    if (group !== undefined) this.#find(group);
    const state = createReload(group);
    return await this.#run<ReloadResult>({ name: 'reload', state, decide: (...args) => decideReload(state, ...args) });
  }

  /**
   * Makes the fleet what a configuration says. What fails is undone.
   *
   * @throws ChangeRunningError
   * @throws ConfigError, DependencyError before anything is changed
   */
  async apply(groups: readonly AnyGroupOptions[]): Promise<ApplyResult> {
    this.#refuseSecond();
    validate(groups);
    const before = this.#port.groups;
    const plan = planChanges({ groups: before }, { groups });
    const tasks = tasksOf(plan, before, groups);
    const title = 'Change of the configuration';
    const result = await this.#runTasks('configuration', { tasks, until: 'ready', rollsBack: true, title });
    if (result.completed) this.#configured.clear();
    return { plan, ...result };
  }

  /** The launcher has decided about what has happened so far. */
  settled(): void {
    const running = this.#running;
    if (running === undefined || this.#mailbox.some(({ type }) => type === 'settled')) return;
    const { state } = running.change;
    const now = this.#port.clock.monotonicMs();
    if (state.watched > FEW && now < this.#lookedAt + LOOK_MS) return this.#alarm.set(this.#lookedAt + LOOK_MS);
    this.#post({ type: 'settled' });
  }

  /** Ends what is under way: the fleet stops. */
  stop(): void {
    this.#post({ type: 'stop' });
  }

  #find(name: string): AnyGroupOptions {
    const group = this.#port.groups.find((each) => each.name === name);
    if (group !== undefined) return group;
    throw new GroupUnknownError(
      name,
      this.#port.groups.map((each) => each.name),
    );
  }

  async #change(name: 'restart' | 'scale', title: string, tasks: readonly Task[]): Promise<void> {
    const { completed, reason } = await this.#runTasks(name, { tasks, until: 'started', rollsBack: false, title });
    if (!completed) throw new ChangeFailedError(title, reason ?? '');
  }

  #runTasks(name: ChangeName, options: TasksOptions): Promise<TasksResult> {
    const state = createTasks(options);
    return this.#run<TasksResult>({ name, state, decide: (...args) => decideTasks(state, ...args) });
  }

  #run<R>(change: Change<R>): Promise<R> {
    this.#refuseSecond();
    return new Promise<R>((resolve, reject) => {
      this.#running = { change, resolve: resolve as Running['resolve'], reject };
      this.#lookedAt = -Infinity;
      this.#post({ type: 'begin' });
    });
  }

  #refuseSecond(): void {
    if (this.#running !== undefined) throw new ChangeRunningError(this.#running.change.name);
  }

  #post(event: ChangeEvent): void {
    if (this.#running === undefined) return;
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain(this.#running);
  }

  /** What effects cause at once comes back through the mailbox. */
  #drain(running: Running): void {
    this.#draining = true;
    try {
      for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift()) {
        if (event.type === 'settled') this.#lookedAt = this.#port.clock.monotonicMs();
        for (const effect of running.change.decide(event, this.#view())) this.#carryOut(effect, running);
      }
    } catch (error) {
      this.#end();
      running.reject(error);
    } finally {
      this.#draining = false;
    }
    this.#alarm.cancel();
    if (this.#running === running) this.#alarm.set(running.change.state.dueAt);
  }

  #view(): FleetView {
    const port = this.#port;
    return {
      now: port.clock.monotonicMs(),
      records: port.records,
      groups: port.groups,
      idsOf: (group) => port.idsOf(group),
      isWanted: (id) => port.isWanted(id),
      isSuspended: (group) => port.isSuspended(group),
    };
  }

  #carryOut(effect: ChangeEffect<unknown>, running: Running): void {
    switch (effect.type) {
      case 'retire':
        return this.#port.retire(effect.ids, { force: effect.force });
      case 'recycle':
        return this.#port.recycle(effect.ids, { force: effect.force });
      case 'succeed':
        return void this.#mailbox.push({ type: 'succeeded', of: effect.of, id: this.#port.startSuccessor(effect.of) });
      case 'update':
        return this.#port.updateGroup(effect.group);
      case 'add':
        return this.#wait(this.#port.addGroups(effect.groups), running);
      case 'put-back':
        return this.#port.putBack(effect.groups);
      case 'resize':
        return this.#wait(
          this.#port.resizeQueueGroup(effect.group as Parameters<FleetPort['resizeQueueGroup']>[0]),
          running,
        );
      case 'log':
        return this.#port.log(effect.level, effect.message, effect.group);
      case 'end':
        this.#end();
        return running.resolve(effect.result);
    }
  }

  #wait(done: Promise<void>, running: Running): void {
    const post = (event: ChangeEvent): void => {
      if (this.#running === running) this.#post(event);
    };
    done.then(
      () => post({ type: 'carried' }),
      (error: unknown) => post({ type: 'refused', reason: error instanceof Error ? error.message : String(error) }),
    );
  }

  #end(): void {
    this.#running = undefined;
    this.#mailbox.length = 0;
    this.#alarm.cancel();
  }
}

/** What a configuration file is checked for, for groups given in code. */
function validate(groups: readonly AnyGroupOptions[]): void {
  checkDependencies(groups);
  placeProcesses(groups);
  const names = groups.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) {
    throw new ConfigError(twice.map((path) => ({ path, message: 'found twice, expected each name once' })));
  }
}
