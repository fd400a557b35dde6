import { ExitCode, type Launcher, type Logger } from '@distributed-architecture/core';
import { startService } from '../service/start-service.js';
import { silenceMsOf } from '../service/silence.js';
import type { MasterSettings } from './master-settings.js';

export interface SuccessionParts {
  readonly launcher: Launcher;
  readonly settings: MasterSettings;
  readonly logger: Logger;
  /** Only such a master can start one like itself. */
  readonly isDetached: boolean;
  /** Whether an end was asked for as well: then nobody follows. */
  readonly wasStopped: () => boolean;
}

/** How a service is started anew: everything stops, and a successor with fresh code and configuration takes over. */
export class Succession {
  #requested = false;

  constructor(private readonly parts: SuccessionParts) {}

  /** Undefined where there can be no successor. */
  get request(): (() => void) | undefined {
    return this.parts.isDetached ? () => this.#request() : undefined;
  }

  /** Starts the successor, if one was asked for, when nothing runs any more. @returns the exit code */
  async follow(exitCode: number): Promise<number> {
    const { settings, logger, wasStopped } = this.parts;
    if (!this.#requested || wasStopped() || settings.log.path === undefined) return exitCode;
    const start = await startService({ logPath: settings.log.path, silenceMs: silenceMsOf(undefined) });
    if ('pid' in start) return exitCode;
    // What it said is in this very log.
    logger.error(`The successor does not run: ${start.reason}`);
    return start.exitCode || ExitCode.Failure;
  }

  #request(): void {
    this.#requested = true;
    this.parts.logger.log('Restarting: everything stops, a successor follows');
    this.parts.launcher.stop().catch(() => {});
  }
}
