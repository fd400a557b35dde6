import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { ApplyResult, FleetControl, ForceOptions, ReloadResult } from '../control/fleet-control.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import { EventBus } from '../events/event-bus.js';
import type { LauncherView, LifecycleEventMap, LifecycleEventName } from '../events/lifecycle-events.js';
import { MASTER_ORIGIN, messageText } from '../logger/log-text.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { FleetOperator } from './fleet-operator.js';
import type { LauncherEngine } from './launcher-engine.js';
import type { QueueView } from './queue-counts.js';
import type { LauncherOptions, RunOptions, RunResult } from './launcher-options.js';

/**
 * Starts groups of processes, watches them and stops them cleanly.
 *
 * ```ts
 * const launcher = new Launcher({ maxRunningTime: 3600 });
 * process.once('SIGTERM', () => void launcher.stop());
 * const { exitCode } = await launcher.run([{ name: 'Group', command: 'work', console: 'slave.js', local: { instancesCount: 2 } }]);
 * ```
 *
 * Signals of its own program are the caller's business. What a launcher needs to run is loaded by `run` alone, so
 * that a program which only knows of launchers stays small.
 */
export class Launcher implements LauncherView, FleetControl {
  readonly #options: LauncherOptions;
  readonly #bus = new EventBus((name, error) => this.#reportListener(name, error));
  #engine: LauncherEngine | undefined;
  #run: Promise<RunResult> | undefined;
  #running = false;
  #asked: 'stop' | 'kill' | undefined;

  constructor(options: LauncherOptions = {}) {
    this.#options = options;
  }

  /** False on the agent of a remote host. */
  get isMaster(): boolean {
    return true;
  }

  /** True from `run` until it has returned. */
  get isRunning(): boolean {
    return this.#running;
  }

  /** All processes that there are now, in the order of their ids. */
  get processes(): readonly ManagedProcess[] {
    return this.#engine?.processes ?? [];
  }

  /** Names of the groups that there are now. */
  get groups(): readonly string[] {
    return this.#engine?.groups ?? [];
  }

  /** Of the run, with its control socket; undefined before `master_starting`. */
  get folder(): string | undefined {
    return this.#engine?.folder || undefined;
  }

  /** How the queue groups of the run do. */
  get queues(): readonly QueueView[] {
    return this.#engine?.queues ?? [];
  }

  /** Listens to a lifecycle event. A listener that throws or rejects is logged and harms nothing. */
  on<N extends LifecycleEventName>(name: N, listener: (event: LifecycleEventMap[N]) => unknown): this {
    this.#bus.on(name, listener);
    return this;
  }

  off<N extends LifecycleEventName>(name: N, listener: (event: LifecycleEventMap[N]) => unknown): this {
    this.#bus.off(name, listener);
    return this;
  }

  /**
   * Starts the groups and returns when all their processes have ended.
   *
   * @param options take the place of the launcher's own
   * @throws LauncherStateError when this launcher has run before
   * @throws ConfigError when one of `hosts` is no host
   * @throws FleetRunningError when a launcher of this fleet runs on this machine
   * @throws RunDirectoryError when the run directory cannot be used
   * @throws DependencyError when groups depend on what there is not, or on each other
   */
  run(groups: readonly (GroupOptions | QueueGroupOptions)[], options: RunOptions = {}): Promise<RunResult> {
    if (this.#run !== undefined) return Promise.reject(new LauncherStateError('A launcher runs once: make a new one'));
    this.#run = this.#start(groups, { ...this.#options, ...options });
    return this.#run;
  }

  suspendGroup(name: string, options?: ForceOptions): void {
    this.#operator.suspend(name, options);
  }

  resumeGroup(name: string): void {
    this.#operator.resume(name);
  }

  suspendAll(options?: ForceOptions): void {
    this.#operator.suspend(undefined, options);
  }

  resumeAll(): void {
    this.#operator.resume(undefined);
  }

  async restartGroup(name: string, options?: ForceOptions): Promise<void> {
    await this.#operator.restart(name, options);
  }

  async scaleGroup(name: string, count: number): Promise<void> {
    await this.#operator.scale(name, count);
  }

  async reload(name?: string): Promise<ReloadResult> {
    return await this.#operator.reload(name);
  }

  async apply(groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<ApplyResult> {
    return await this.#operator.apply(groups);
  }

  /** Asks all processes to stop and waits until they have; what is left after its `stop_timeout` is killed. */
  async stop(): Promise<void> {
    this.#asked ??= 'stop';
    this.#engine?.stop();
    await this.#run;
  }

  /** Kills all processes with their process groups, and waits until they are gone. */
  async kill(): Promise<void> {
    this.#asked = 'kill';
    this.#engine?.kill();
    await this.#run;
  }

  async #start(groups: readonly (GroupOptions | QueueGroupOptions)[], options: LauncherOptions): Promise<RunResult> {
    this.#running = true;
    try {
      const { LauncherEngine } = await import('./launcher-engine.js');
      this.#engine = new LauncherEngine(groups, options, this, this.#bus, this);
      if (this.#asked !== undefined) this.#engine[this.#asked]();
      return await this.#engine.run();
    } finally {
      this.#running = false;
    }
  }

  get #operator(): FleetOperator {
    if (this.#engine === undefined) throw new LauncherStateError('Nothing can be changed: the launcher does not run');
    return this.#engine.operator;
  }

  #reportListener(name: LifecycleEventName, error: unknown): void {
    this.#engine?.sink.write(MASTER_ORIGIN, 'error', `A listener of ${name} failed: ${messageText(error)}`);
  }
}
