import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  checkHosts,
  ExitCode,
  limitYoungGeneration,
  Launcher,
  MASTER_ORIGIN,
  type FleetConfiguration,
  type HostCheck,
  type Logger,
  type LogSink,
} from '@distributed-architecture/core';
import { CommandRegistry } from '../commands/command-registry.js';
import { MODULE_OPTIONS_TOKEN, type DistributedArchitectureModuleOptions } from '../module/module-options.js';
import { FLEET_LOG } from '../module/tokens.js';
import { describeListenerError } from '../events/listener-caller.js';
import { findEventEmitter } from '../events/find-event-emitter.js';
import { MasterLog } from '../logging/master-log.js';
import { becomeAccount } from '../service/as-account.js';
import { prepareFolders } from '../service/detach-service.js';
import { serviceAccount } from '../service/service-account.js';
import { isServiceItself, SERVICE_VARIABLE } from '../service/start-report.js';
import { Systemd } from '../service/systemd.js';
import { readConfig } from './config-source.js';
import { EventPublisher } from './event-publisher.js';
import type { MasterRunOptions } from './master-options.js';
import { MasterRun } from './master-run.js';
import { settingsOf, type MasterSettings } from './master-settings.js';
import { originLogger } from './origin-logger.js';
import { packageName } from './package-name.js';
import { PreRunChecks } from './pre-run-checks.js';
import { StopSignals } from './stop-signals.js';
import { Succession } from './succession.js';

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
   * Runs the configured groups until they have ended (a service: until it is stopped) or a signal stops them.
   *
   * @returns the exit code
   * @throws ConfigError
   * @throws FleetRunningError when a master of this fleet runs already
   */
  async run(options: MasterRunOptions): Promise<number> {
    const systemd = new Systemd({ env: process.env, warn: (message) => this.#log.warn(message) });
    const signals = new StopSignals(this.launcher, (message) => this.#log.log(message), process, undefined, {
      onHangup: options.service === undefined,
      stopping: () => systemd.stopping(),
    });
    signals.listen();
    limitYoungGeneration();
    try {
      // A kill also ends a check that hangs.
      const exitCode = await Promise.race([this.#readAndRun(options, { systemd, signals }), signals.killed]);
      return signals.exitCode ?? exitCode ?? ExitCode.Failure;
    } finally {
      signals.forget();
      systemd.close();
    }
  }

  /**
   * Looks at the hosts of the configuration; starts nothing.
   *
   * @throws ConfigError
   */
  async check({ configFile }: Pick<MasterRunOptions, 'configFile'>): Promise<HostCheck[]> {
    const { groups, queueGroups, name } = await this.#read(configFile);
    return checkHosts([...groups, ...queueGroups], { name: name ?? this.#packageName });
  }

  /**
   * What such a master would do.
   *
   * @throws ConfigError
   */
  async settings(options: MasterRunOptions): Promise<MasterSettings> {
    return settingsOf(await this.#read(options.configFile), options, this.#packageName);
  }

  async #readAndRun(options: MasterRunOptions, { systemd, signals }: { systemd: Systemd; signals: StopSignals }) {
    const settings = await this.settings(options);
    const isDetached = this.#becomeService(options, settings);
    const isService = options.service !== undefined;
    const log = await MasterLog.open(settings.log, isDetached);
    if (log.flaw !== undefined && (isService || options.log !== undefined)) this.#log.warn(`--log: ${log.flaw}`);
    const parts = { launcher: this.launcher, settings, log, logger: this.#log, systemd, isService };
    const run = new MasterRun(parts);
    const passing = await new PreRunChecks(this.registry, this.sink).passing(settings.groups);
    if (passing.length === 0 && settings.groups.length > 0) return this.#nothingToRun();
    await this.#publishEvents();
    const succession = new Succession({
      ...parts,
      isDetached,
      wasStopped: () => signals.received,
      readConfiguration: () => this.settings(options),
    });
    const exitCode = await run.run(passing, {
      ...options.limits,
      name: settings.name,
      hostEvents: this.moduleOptions.hostEvents,
      service: isService,
      metrics: settings.metrics,
      operator: {
        settings: settings.configuration,
        readConfiguration: () => this.#readAgain(options),
        restart: succession.request,
        stopping: () => succession.cancel(),
      },
    });
    return succession.follow(exitCode);
  }

  /** What runs was checked when it was started. */
  async #readAgain(options: MasterRunOptions): Promise<FleetConfiguration> {
    const { configuration, groups } = await this.settings(options);
    const checks = new PreRunChecks(this.registry, this.sink);
    return { ...configuration, groups: await checks.passing(groups, this.launcher.groups) };
  }

  /** @returns whether it runs detached */
  #becomeService({ service, account: names = {} }: MasterRunOptions, { pidFile, log }: MasterSettings): boolean {
    const isDetached = isServiceItself();
    // What it starts is no service.
    Reflect.deleteProperty(process.env, SERVICE_VARIABLE);
    if (service === undefined || isDetached) return isDetached;
    const account = serviceAccount(names, (message) => this.#log.warn(message));
    prepareFolders({ pidFile, logPath: log.path, account });
    if (account !== undefined) becomeAccount(account);
    return false;
  }

  async #read(configFile: string | undefined) {
    return readConfig(configFile, this.moduleOptions, process.env);
  }

  get #packageName(): string | undefined {
    return packageName(process.argv[1] ?? '');
  }

  get #log(): Logger {
    return originLogger(this.sink, MASTER_ORIGIN);
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
