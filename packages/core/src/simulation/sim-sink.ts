import type { LogLevel, LogOrigin, LogSink } from '../logger/logger.js';
import type { SimRun } from './sim-run.js';
import type { World } from './world.js';

/** The log of a master, read by somebody who is slow at times. */
export class SimSink implements LogSink {
  #full: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly world: World,
    private readonly run: SimRun,
  ) {}

  write(origin: LogOrigin, level: LogLevel, message: string): void {
    if (!this.run.master.alive) return;
    this.world.note(() => `  [${origin.display}] ${level}: ${message}`);
    if (origin.group === undefined) this.world.judge.masterSaid(this.run, message);
  }

  writeLines(origin: LogOrigin, _level: LogLevel, lines: string): void {
    if (!this.run.master.alive) return;
    for (const line of lines.slice(0, -1).split('\n')) this.world.judge.logged(this.run, origin, line);
  }

  full(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  async flush(): Promise<void> {
    while (this.#full !== undefined) await this.#full.promise;
  }

  /** Is full for a while. */
  slow(ms: number): void {
    if (this.#full !== undefined) return;
    this.#full = Promise.withResolvers();
    this.run.full = true;
    this.run.master.after(ms, () => this.#drain());
  }

  #drain(): void {
    const full = this.#full;
    this.#full = undefined;
    this.run.full = false;
    this.world.hinder();
    this.world.unsettled = true;
    full?.resolve();
  }
}
