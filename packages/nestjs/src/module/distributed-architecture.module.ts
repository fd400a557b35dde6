import { Inject, Module, type DynamicModule, type FactoryProvider, type OnModuleInit } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { Launcher, ROLE_VARIABLE, type LogSink } from '@distributed-architecture/core';
import { FLEET_COMMAND_NAMES } from '../cli/fleet-commands/fleet-command-names.js';
import { CommandRegistry } from '../commands/command-registry.js';
import { hasCommand, hasConsole, hasOwnDefaultCommand } from '../commands/discover-commands.js';
import { IdleLauncher } from '../master/idle-launcher.js';
import { detectRole } from '../role/detect-role.js';
import { ProcessRole } from '../role/process-role.js';
import { LauncherLine } from '../slave/launcher-line.js';
import { SlaveBinding } from '../slave/slave-binding.js';
import {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  type DistributedArchitectureModuleOptions,
  type OPTIONS_TYPE,
} from './module-options.js';
import { FLEET_LOG, RUN_MASTER_COMMAND } from './tokens.js';

const role: FactoryProvider<ProcessRole> = {
  provide: ProcessRole,
  inject: [ModulesContainer],
  useFactory: (modules: ModulesContainer) => {
    const name = detectRole({ modules, argv: process.argv, env: process.env });
    // For code that has no injector. What this process starts itself inherits it, but for the fleet's own processes.
    if (name === 'master') process.env[ROLE_VARIABLE] = name;
    return new ProcessRole(name);
  },
};

// What only a master needs is imported when there is one, so that slaves and web servers do not load it.

const fleetLog: FactoryProvider<LogSink | null> = {
  provide: FLEET_LOG,
  inject: [ProcessRole],
  useFactory: async ({ name }: ProcessRole) => {
    if (name !== 'master') return null;
    const { NestLogSink } = await import('../logging/nest-log-sink.js');
    return new NestLogSink();
  },
};

const launcher: FactoryProvider<Launcher> = {
  provide: Launcher,
  inject: [FLEET_LOG],
  useFactory: (logger: LogSink | null) => (logger === null ? new IdleLauncher() : new Launcher({ logger })),
};

const runMasterCommand: FactoryProvider<unknown> = {
  provide: RUN_MASTER_COMMAND,
  inject: [ModulesContainer, ModuleRef],
  useFactory: async (modules: ModulesContainer, moduleRef: ModuleRef) => {
    if (!hasConsole(modules)) return null;
    const commands = await import('../cli/run-master.command.js');
    const own = hasOwnDefaultCommand(modules);
    return moduleRef.create(own ? commands.RunMasterCommand : commands.DefaultRunMasterCommand);
  },
};

const fleetCommands = FLEET_COMMAND_NAMES.map((name): FactoryProvider<unknown> => ({
  provide: `DistributedArchitectureCommand ${name}`,
  inject: [ModulesContainer, ModuleRef, MODULE_OPTIONS_TOKEN],
  useFactory: async (
    modules: ModulesContainer,
    moduleRef: ModuleRef,
    options: DistributedArchitectureModuleOptions,
  ) => {
    if (!hasConsole(modules) || hasCommand(modules, name)) return null;
    const { findFleetCommand } = await import('../cli/fleet-commands/find-fleet-command.js');
    const { fleetCommandClass } = await import('../cli/fleet-commands/fleet-command-class.js');
    return moduleRef.create(fleetCommandClass(await findFleetCommand(name), options));
  },
}));

/** Gives an application its fleet: `run-master`, `ProcessRole`, `Launcher` and the lifecycle events. */
@Module({
  providers: [
    role,
    fleetLog,
    launcher,
    runMasterCommand,
    ...fleetCommands,
    CommandRegistry,
    LauncherLine,
    SlaveBinding,
  ],
  exports: [ProcessRole, Launcher],
})
export class DistributedArchitectureModule extends ConfigurableModuleClass implements OnModuleInit {
  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(CommandRegistry) private readonly registry: CommandRegistry,
  ) {
    super();
  }

  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** @throws DuplicateCommandError in a command line; web servers run no commands */
  onModuleInit(): void {
    if (hasConsole(this.modules)) this.registry.assertUnique();
  }
}
