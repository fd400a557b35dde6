import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ControlClient, controlSocket, readPidFile, type Health } from '@distributed-architecture/core';
import { findLauncherLine } from '../slave/launcher-line.js';
import { askHealth } from './ask-health.js';
import { FleetHealthTargetError, TerminusMissingError } from './terminus-errors.js';

/** Which master, and what is asked. One of `pidFile`, `socket` and `url`. */
export interface FleetHealthTarget {
  /** Its pid file: `<pid_path>/<name>.pid`. */
  pidFile?: string;
  /** Its control socket. */
  socket?: string;
  /** Where its `metrics` are served: `http://localhost:9464`. */
  url?: string | URL;
  /** `ready`: every group was started, and no process has failed for good. `live`: it answers. Default `ready`. */
  probe?: 'ready' | 'live';
  /** Seconds. Default 3. */
  timeout?: number;
}

const TIMEOUT = 3;

const UP: Health = { status: 'ok', reasons: [] };

/**
 * A health indicator for `@nestjs/terminus`: of a master that runs beside this application, or, in a slave or a consumer,
 * of the line to its launcher.
 *
 * ```ts
 * this.health.check([() => this.fleet.isHealthy('fleet', { pidFile: 'var/my-app.pid' })]);
 * ```
 */
@Injectable()
export class FleetHealthIndicator implements OnModuleInit {
  #service: HealthIndicatorService | undefined;

  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  /** @throws TerminusMissingError */
  async onModuleInit(): Promise<void> {
    try {
      const { HealthIndicatorService } = await import('@nestjs/terminus');
      this.#service = this.moduleRef.get(HealthIndicatorService, { strict: false });
    } catch (error) {
      throw new TerminusMissingError(error);
    }
  }

  /**
   * Never rejects because of the master: nobody answers, within `timeout`, counts as down.
   *
   * @param target default: in a process that a launcher has started, whether that hears it
   * @throws FleetHealthTargetError without a target in any other process
   */
  async isHealthy<const Key extends string>(
    key: Key,
    target: FleetHealthTarget = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const indicator = this.#service!.check(key);
    const { status, reasons } = await this.#look(key, target);
    return status === 'ok' ? indicator.up() : indicator.down({ reasons });
  }

  #look(key: string, target: FleetHealthTarget): Health | Promise<Health> {
    const { pidFile, socket, url } = target;
    if (url !== undefined) return askPage(new URL(url), target);
    if (socket !== undefined) return askSocket(socket, target);
    if (pidFile === undefined) return this.#lookAtLauncher(key);
    const record = readPidFile(pidFile);
    if (record === undefined) return down(`No master runs by the pid file ${pidFile}`);
    return askSocket(controlSocket(record.folder), target, record.pid);
  }

  #lookAtLauncher(key: string): Health {
    const isHeard = findLauncherLine(this.moduleRef)?.isHeard;
    if (isHeard === undefined) throw new FleetHealthTargetError(key);
    return isHeard ? UP : down('The launcher of this process is gone');
  }
}

async function askPage(base: URL, { probe = 'ready', timeout = TIMEOUT }: FleetHealthTarget): Promise<Health> {
  const url = new URL(`/health/${probe}`, base);
  const signal = AbortSignal.timeout(timeout * 1000);
  try {
    return await askHealth(url, signal);
  } catch (error) {
    const reason = signal.aborted ? `The master did not answer within ${timeout} s` : (error as Error).message;
    return down(`No health at ${url.href}: ${reason}`);
  }
}

async function askSocket(
  socket: string,
  { probe, timeout = TIMEOUT }: FleetHealthTarget,
  pid?: number,
): Promise<Health> {
  try {
    const health = await new ControlClient(socket, { timeout, pid }).isReady();
    // That it has answered is all that is asked for.
    return probe === 'live' ? UP : health;
  } catch (error) {
    return down(`No health at ${socket}: ${(error as Error).message}`);
  }
}

function down(reason: string): Health {
  return { status: 'unavailable', reasons: [reason] };
}
