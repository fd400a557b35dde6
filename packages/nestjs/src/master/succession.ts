import { ExitCode, LauncherStateError, type Launcher, type Logger } from '@distributed-architecture/core';
import { startService } from '../service/start-service.js';
import { silenceMsOf } from '../service/silence.js';
import type { MasterSettings } from './master-settings.js';

export interface SuccessionParts {
  readonly launcher: Pick<Launcher, 'stop'>;
  readonly settings: MasterSettings;
  readonly logger: Logger;
  /** Only such a master can start one like itself. */
  readonly isDetached: boolean;
  /** Whether a signal has asked for the end: then nobody follows. */
  readonly wasStopped: () => boolean;
  /**
   * Reads what the successor will read.
   *
   * @throws ConfigError
   */
  readonly readConfiguration: () => Promise<unknown>;
}

/** How a service is started anew: everything stops, and a successor with fresh code and configuration takes over. */
export class Succession {
  #requested = false;
  #cancelled = false;

  constructor(private readonly parts: SuccessionParts) {}

  /** Undefined where there can be no successor. */
  get request(): (() => Promise<void>) | undefined {
    return this.parts.isDetached ? () => this.#request() : undefined;
  }

  /** An end was asked for, before or after: nobody follows. */
  cancel(): void {
    this.#cancelled = true;
  }

  /** Starts the successor, if one was asked for, when nothing runs any more. @returns the exit code */
  async follow(exitCode: number): Promise<number> {
    const { settings, logger } = this.parts;
    if (!this.#requested || this.#isEnd || settings.log.path === undefined) return exitCode;
    const start = await startService({ logPath: settings.log.path, silenceMs: silenceMsOf(undefined) });
    if ('pid' in start) return exitCode;
    // What it said is in this very log.
    logger.error(`The successor does not run: ${start.reason}`);
    return start.exitCode || ExitCode.Failure;
  }

  /**
   * What the successor would refuse is refused here, so that the service goes on.
   *
   * @throws ConfigError
   * @throws LauncherStateError when an end was asked for as well
   */
  async #request(): Promise<void> {
    const { launcher, logger, readConfiguration } = this.parts;
    await readConfiguration();
    if (this.#isEnd) throw new LauncherStateError('Not now: the master stops, and nobody follows');
    if (this.#requested) return;
    this.#requested = true;
    logger.log('Restarting: everything stops, a successor follows');
    launcher.stop().catch(() => {});
  }

  get #isEnd(): boolean {
    return this.#cancelled || this.parts.wasStopped();
  }
}
