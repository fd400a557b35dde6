import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ExitCode, Launcher, type HostCheck } from '@distributed-architecture/core';
import { Command, Option } from 'nest-commander';
import { RUN_MASTER } from '../commands/command-metadata.js';
import { Master } from '../master/master.js';
import { checkReport } from './check-report.js';
import { ConsoleCommand } from './console-command.js';
import { parseRunMasterOptions, type CheckFormat, type RunMasterTexts } from './run-master-options.js';

const description = 'Starts the configured groups, watches them and stops them cleanly';

/** Runs the fleet until it has ended or a signal stops it. */
@Injectable()
@Command({ name: RUN_MASTER, description })
export class RunMasterCommand extends ConsoleCommand<RunMasterTexts> implements OnModuleDestroy {
  constructor(
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(Launcher) private readonly launcher: Launcher,
  ) {
    super();
  }

  // Values are read in `execute`: what an option's parser throws, plain `CommandFactory.run` ends with exit code 0.

  @Option({
    flags: '--max-running-time <time>',
    description: 'clean stop after so long (default: when all have ended)',
  })
  maxRunningTime(text: string): string {
    return text;
  }

  @Option({
    flags: '--timeout <time>',
    description: 'end when no process was seen for so long, at least 5 (default: 300)',
  })
  timeout(text: string): string {
    return text;
  }

  @Option({
    flags: '--max-process-timeout <count>',
    description: 'give a process up after so many time-outs in a row (default: 3)',
  })
  maxProcessTimeout(text: string): string {
    return text;
  }

  @Option({
    flags: '--config-file <path>',
    description: 'the configuration (default: config/distributed_architecture.yaml)',
  })
  configFile(path: string): string {
    return path;
  }

  @Option({ flags: '--check', description: 'look whether all hosts are fit for the configuration, and start nothing' })
  check(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'with --check: print JSON instead of a table' })
  json(): boolean {
    return true;
  }

  /** Whoever closes the application while the fleet runs gets a clean stop. */
  async onModuleDestroy(): Promise<void> {
    if (this.launcher.isRunning) await this.launcher.stop();
  }

  protected override async execute(texts: RunMasterTexts): Promise<number> {
    const { check, ...options } = parseRunMasterOptions(texts);
    const master = await this.moduleRef.create(Master);
    return check === undefined ? master.run(options) : this.#check(await master.check(options), check);
  }

  async #check(checks: readonly HostCheck[], format: CheckFormat): Promise<number> {
    const text = format === 'json' ? `${JSON.stringify(checks, null, 2)}\n` : await checkReport(checks);
    process.stdout.write(text);
    return checks.every(({ fit }) => fit) ? ExitCode.Ok : ExitCode.Failure;
  }
}

/** The same where the application has no default command of its own: what runs without a command's name. */
@Injectable()
@Command({ name: RUN_MASTER, description, options: { isDefault: true } })
export class DefaultRunMasterCommand extends RunMasterCommand {}
