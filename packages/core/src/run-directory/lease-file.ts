import { closeSync, openSync, writeSync } from 'node:fs';

/** Each line takes the place of the one before: as long as any, so that it needs no more room on a disk that is full. */
const LINE_BYTES = 48;

/**
 * The file by which the watchdog of an agent knows when all has to end. The time stands in it twice: who reads while it is
 * written sees two different ones.
 */
export class LeaseFile {
  #file: number | undefined;
  #failed = false;

  constructor(
    private readonly path: string,
    private readonly warn: (message: string) => void,
  ) {}

  /** What cannot be written keeps its old time, at which the watchdog ends all: it is told once. */
  write(endMs: number): void {
    try {
      this.#file ??= openSync(this.path, 'w', 0o600);
      writeSync(this.#file, `${`${endMs} ${endMs}`.padEnd(LINE_BYTES - 1)}\n`, 0);
    } catch (error) {
      if (!this.#failed) this.warn(`The lease cannot be noted for the watchdog: ${(error as Error).message}`);
      this.#failed = true;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
