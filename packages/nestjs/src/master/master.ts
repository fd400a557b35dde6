import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  checkHosts,
  ExitCode,
  limitYoungGeneration,
  Launcher,
  MASTER_ORIGIN,
  type HostCheck,
  type LauncherLimitOptions,
  type LauncherOptions,
  type LogSink,
} from '@distributed-architecture/core';
import { CommandRegistry } from '../commands/command-registry.js';
import { MODULE_OPTIONS_TOKEN, type DistributedArchitectureModuleOptions } from '../module/module-options.js';
import { FLEET_LOG } from '../module/tokens.js';
import { describeListenerError } from '../events/listener-caller.js';
import { findEventEmitter } from '../events/find-event-emitter.js';
import { readConfig } from './config-source.js';
import { EventPublisher } from './event-publisher.js';
import { originLogger } from './origin-logger.js';
import { packageName } from './package-name.js';
import { PreRunChecks, type AnyGroupOptions } from './pre-run-checks.js';
import { StopSignals } from './stop-signals.js';

/** What the command line says of a run; times are seconds. */
export interface MasterRunOptions {
  readonly configFile?: string;
  readonly limits: LauncherLimitOptions;
}

/** Runs the fleet of this application. */
@Injectable()
export class Master {
  constructor(
    @Inject(Launcher) private readonly launcher: Launcher,
    @Inject(FLEET_LOG) private readonly sink: LogSink,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly moduleOptions: DistributedArchitectureModuleOptions,
    @Inject(CommandRegistry) private readonly registry: CommandRegistry,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  /**
   * Runs the configured groups until they have ended or a signal stops them.
   *
   * @returns the exit code
   * @throws ConfigError
   * @throws FleetRunningError when a master of this fleet runs already
   */
  async run({ configFile, limits }: MasterRunOptions): Promise<number> {
    const signals = new StopSignals(this.launcher, (message) => this.#log.log(message));
    signals.listen();
    limitYoungGeneration();
    try {
      // A kill also ends a check that hangs.
      const exitCode = await Promise.race([this.#readAndRun({ configFile, limits }), signals.killed]);
      return signals.exitCode ?? exitCode ?? ExitCode.Failure;
    } finally {
      signals.forget();
    }
  }

  /**
   * Looks at the hosts of the configuration; starts nothing.
   *
   * @throws ConfigError
   */
  async check({ configFile }: Pick<MasterRunOptions, 'configFile'>): Promise<HostCheck[]> {
    const { groups, name } = await this.#read(configFile);
    return checkHosts(groups, { name });
  }

  async #readAndRun({ configFile, limits }: MasterRunOptions): Promise<number> {
    const { groups, name } = await this.#read(configFile);
    return this.#runGroups(groups, { ...limits, name });
  }

  async #read(configFile: string | undefined) {
    const config = await readConfig(configFile, this.moduleOptions, process.env);
    const { groups, queueGroups, name = packageName(process.argv[1] ?? '') } = config;
    return { groups: [...groups, ...queueGroups], name };
  }

  get #log() {
    return originLogger(this.sink, MASTER_ORIGIN);
  }

  async #runGroups(groups: readonly AnyGroupOptions[], options: LauncherOptions): Promise<number> {
    const passing = await new PreRunChecks(this.registry, this.sink).passing(groups);
    if (passing.length === 0 && groups.length > 0) return this.#nothingToRun();
    await this.#publishEvents();
    const { hostEvents } = this.moduleOptions;
    const { exitCode } = await this.launcher.run(passing, { ...options, hostEvents });
    return exitCode;
  }

  async #nothingToRun(): Promise<number> {
    this.#log.error('No group is left to run');
    await this.sink.flush();
    return ExitCode.Failure;
  }

  async #publishEvents(): Promise<void> {
    const emitter = await findEventEmitter(this.moduleRef);
    if (emitter === undefined) return;
    const report = (name: string, error: unknown): void => this.#log.error(describeListenerError(name, error));
    new EventPublisher(emitter, report).attach(this.launcher);
  }
}
