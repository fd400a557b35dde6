import type { Launcher, Logger, RunOptions } from '@distributed-architecture/core';
import type { MasterLog } from '../logging/master-log.js';
import { StartReport } from '../service/start-report.js';
import { describeStatistics } from '../service/statistics.js';
import type { Systemd } from '../service/systemd.js';
import type { MasterSettings } from './master-settings.js';
import { listenToOperator } from './operator-signals.js';
import { PidFileHolder } from './pid-file-holder.js';
import type { AnyGroupOptions } from './pre-run-checks.js';

export interface MasterRunParts {
  readonly launcher: Launcher;
  readonly settings: MasterSettings;
  readonly log: MasterLog;
  readonly logger: Logger;
  readonly systemd: Systemd;
  readonly isService: boolean;
}

/** A launcher's run with all that surrounds it: pid file, signals of operators, systemd, whoever waits for its start. */
export class MasterRun {
  readonly #report = new StartReport();
  readonly #pidFile: PidFileHolder;
  readonly #listeners: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;

  /**
   * Looks whether it can run.
   *
   * @throws PidFileTakenError
   * @throws PidFileError
   */
  constructor(private readonly parts: MasterRunParts) {
    const { pidFile, needsPidFile } = parts.settings;
    this.#pidFile = new PidFileHolder(pidFile, needsPidFile, (message) => parts.logger.warn(message));
    this.#pidFile.prepare();
    this.#report.progress();
  }

  /**
   * @returns the exit code
   * @throws PidFileTakenError when another master was faster
   */
  async run(groups: readonly AnyGroupOptions[], options: RunOptions): Promise<number> {
    const { launcher, systemd } = this.parts;
    this.#follow();
    try {
      const { exitCode } = await launcher.run(groups, options);
      if (this.#failure !== undefined) throw this.#failure.error;
      return exitCode;
    } finally {
      for (const forget of this.#listeners) forget();
      this.#pidFile.remove();
      systemd.close();
    }
  }

  #follow(): void {
    const { launcher, systemd } = this.parts;
    const written = Promise.withResolvers<void>();
    launcher.on('master_starting', () => void this.#writePidFile().then(written.resolve));
    launcher.on('master_started', () => void written.promise.then(() => this.#ready()));
    launcher.on('process_started', () => this.#report.progress());
    launcher.on('master_running', () => systemd.turned());
    this.#listeners.push(this.#listenToOperator());
  }

  async #writePidFile(): Promise<void> {
    try {
      await this.#pidFile.write(this.parts.launcher.folder ?? '');
    } catch (error) {
      this.#failure = { error };
      void this.parts.launcher.kill();
    }
  }

  #ready(): void {
    if (this.#failure !== undefined) return;
    this.parts.systemd.ready(`${this.parts.launcher.processes.length} processes`);
    this.#report.ready();
  }

  #listenToOperator(): () => void {
    const { launcher, log, logger, isService } = this.parts;
    return listenToOperator({
      tell: () => {
        for (const line of describeStatistics(launcher)) logger.log(line);
      },
      reload: () => void this.#reload(),
      ...(isService && { reopen: () => void log.reopen() }),
    });
  }

  async #reload(): Promise<void> {
    const { launcher, logger, systemd } = this.parts;
    systemd.reloading();
    try {
      logger.log('Received SIGUSR2, reloading');
      // What becomes of it the launcher logs itself.
      await launcher.reload();
    } catch (error) {
      logger.warn(`Not reloaded: ${(error as Error).message}`);
    } finally {
      systemd.reloaded();
    }
  }
}
