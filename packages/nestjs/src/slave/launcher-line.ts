import { Injectable } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { SlaveSession } from '@distributed-architecture/core';

/** By what a provider of a slave learns whether its launcher is there. */
@Injectable()
export class LauncherLine {
  #session: Pick<SlaveSession, 'isHeard'> | undefined;

  bind(session: Pick<SlaveSession, 'isHeard'>): void {
    this.#session = session;
  }

  /** Undefined: no launcher has started this process. */
  get isHeard(): boolean | undefined {
    return this.#session?.isHeard;
  }
}

/** Undefined: the application does not import our module. */
export function findLauncherLine(application: Pick<ModuleRef, 'get'>): LauncherLine | undefined {
  try {
    return application.get(LauncherLine, { strict: false });
  } catch {
    return undefined;
  }
}
