import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ExitCode, Launcher, type HostCheck } from '@distributed-architecture/core';
import { Command, Option } from 'nest-commander';
import { RUN_MASTER } from '../commands/command-metadata.js';
import { UsageError } from '../commands/command-errors.js';
import { Master } from '../master/master.js';
import type { MasterRunOptions } from '../master/master-options.js';
import type { MasterSettings } from '../master/master-settings.js';
import { detachService } from '../service/detach-service.js';
import { serviceAccount } from '../service/service-account.js';
import { silenceMsOf } from '../service/silence.js';
import { isServiceItself } from '../service/start-report.js';
import { stopMaster } from '../service/stop-master.js';
import { checkReport } from './check-report.js';
import { printPlan } from './print-plan.js';
import { ConsoleCommand } from './console-command.js';
import type { ConsoleCommandObject } from './console-types.js';
import { parseRunMasterOptions, type CheckFormat, type RunMasterTexts } from './run-master-options.js';

/** Seconds: that of a master whose `--timeout` is the default. */
const LONGEST_STOP = 300;

const EXAMPLES = `
Examples:
  run-master --max-running-time 1h                         an hour in the foreground, then a clean stop
  run-master --check                                       are the hosts fit for it?
  run-master --plan                                        what would master:reload --config-only change?
  run-master --service --user app --log /var/log/app.log   a service of the user app, started by root
  run-master --service --no-detach --log-format json       a service under systemd or in a container
  run-master --service --pid /run/app/app.pid              a service whose pid file is there
  run-master --stop                                        stops it
`;

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

  @Option({ flags: '--plan', description: 'say what the configuration would change of what runs, and change nothing' })
  plan(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'with --check or --plan: print JSON' })
  json(): boolean {
    return true;
  }

  @Option({
    flags: '--service',
    description: 'run in the background, also when all has ended; returns when it runs, or says why not',
  })
  service(): boolean {
    return true;
  }

  @Option({ flags: '--no-detach', description: 'with --service: stay in the foreground, for systemd and containers' })
  detach(): boolean {
    return false;
  }

  @Option({ flags: '--user <user>', description: 'with --service, as root: run as this user (name or id)' })
  user(text: string): string {
    return text;
  }

  @Option({ flags: '--group <group>', description: "with --user: run as this group (default: the user's)" })
  group(text: string): string {
    return text;
  }

  @Option({ flags: '--log <file>', description: 'write the log there (default of a service: var/<name>.log)' })
  log(path: string): string {
    return path;
  }

  @Option({ flags: '--log-level <level>', description: 'leave out what is less severe (default: log)' })
  logLevel(text: string): string {
    return text;
  }

  @Option({ flags: '--log-format <format>', description: 'text or json, an object a line (default: text)' })
  logFormat(text: string): string {
    return text;
  }

  @Option({ flags: '--pid <file>', description: 'write the process id there (default: var/<name>.pid)' })
  pid(path: string): string {
    return path;
  }

  @Option({ flags: '--stop', description: 'stop the master that runs, and wait until it has ended' })
  stop(): boolean {
    return true;
  }

  override setCommand(command: ConsoleCommandObject): this {
    super.setCommand(command);
    command.addHelpText('after', EXAMPLES);
    return this;
  }

  /** Whoever closes the application while the fleet runs gets a clean stop. */
  async onModuleDestroy(): Promise<void> {
    if (this.launcher.isRunning) await this.launcher.stop();
  }

  protected override async execute(texts: RunMasterTexts): Promise<number> {
    const { check, plan, stop, ...options } = parseRunMasterOptions(texts);
    const master = await this.moduleRef.create(Master);
    if (check !== undefined) return this.#check(await master.check(options), check);
    if (plan !== undefined) return printPlan(await master.settings(options), plan);
    if (stop === true) return this.#stop(await master.settings(options), options);
    if (options.service === 'detached' && !isServiceItself())
      return this.#detach(await master.settings(options), options);
    return master.run(options);
  }

  #stop({ pidFile }: MasterSettings, { limits }: MasterRunOptions): Promise<number> {
    if (pidFile === undefined) throw new UsageError('--stop: this fleet has no name, so give its pid file by --pid');
    const timeoutMs = (limits.timeout ?? LONGEST_STOP) * 1000;
    return stopMaster({ pidFile, timeoutMs, say: (text) => void process.stdout.write(`${text}\n`) });
  }

  #detach(settings: MasterSettings, { account = {}, limits }: MasterRunOptions): Promise<number> {
    const warn = (message: string): void => void process.stderr.write(`${message}\n`);
    const silenceMs = silenceMsOf(limits.timeout);
    return detachService({ settings, account: serviceAccount(account, warn), silenceMs });
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
