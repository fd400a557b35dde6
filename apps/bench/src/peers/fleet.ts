import {
  Launcher,
  TextLogSink,
  type GroupOptions,
  type LauncherOptions,
  type ManagedProcess,
} from '@distributed-architecture/core';
import { createWriteStream } from 'node:fs';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';

/** Ours: core's launcher in this process, with its usual log, written to where nothing is kept. */
export class Fleet {
  private constructor(
    readonly launcher: Launcher,
    private readonly ended: Promise<unknown>,
  ) {}

  /** Starts the group. Resolves when each of its processes has printed `line`. */
  static async start(scope: Scope, group: GroupOptions, line: string, options: LauncherOptions = {}): Promise<Fleet> {
    const launcher = new Launcher({ logger: new TextLogSink(createWriteStream('/dev/null')), ...options });
    const count = group.local?.instancesCount ?? 1;
    const ready = within(`${count} times ${line}`, allPrinted(launcher, count, line));
    const fleet = new Fleet(launcher, launcher.run([group]));
    await scope.defer(() => fleet.stop());
    await ready;
    return fleet;
  }

  get processes(): readonly ManagedProcess[] {
    return this.launcher.processes;
  }

  get pids(): number[] {
    return this.processes.map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  /** Resolves when the launcher has ended. */
  async stop(): Promise<void> {
    await this.launcher.stop();
    await this.ended;
  }
}

function allPrinted(launcher: Launcher, count: number, line: string): Promise<void> {
  const left = new Set(Array.from({ length: count }, (_, index) => index + 1));
  return new Promise((resolve, reject) => {
    launcher.on('process_running', (event) => {
      if (event.line === line && left.delete(event.process.id) && left.size === 0) resolve();
    });
    launcher.on('process_stopped', ({ process, exit }) => {
      const cause = exit.error ?? exit.code ?? exit.signal;
      if (left.has(process.id)) reject(new Error(`${process.display} ended before it was ready: ${cause}`));
    });
  });
}
