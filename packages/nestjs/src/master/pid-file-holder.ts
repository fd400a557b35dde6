import {
  PidFileTakenError,
  preparePidFile,
  removePidFile,
  startTimeOf,
  writePidFile,
  type PidRecord,
} from '@distributed-architecture/core';

/** The pid file of this master while it runs. */
export class PidFileHolder {
  #record: PidRecord | undefined;

  /**
   * @param path undefined: there is none
   * @param needed false: a master goes on without it
   */
  constructor(
    private readonly path: string | undefined,
    private readonly needed: boolean,
    private readonly warn: (message: string) => void,
  ) {}

  /**
   * Looks whether it can be written, before anything is started.
   *
   * @throws PidFileTakenError
   * @throws PidFileError
   */
  prepare(): void {
    if (this.path === undefined) return;
    try {
      preparePidFile(this.path);
    } catch (error) {
      // Who has it may run another fleet, or the same for another user: whether this one may run its lock decides.
      if (this.needed || !(error instanceof PidFileTakenError)) this.#refuse(error);
    }
  }

  /**
   * @param folder the run directory
   * @throws PidFileTakenError
   * @throws PidFileError
   */
  async write(folder: string): Promise<void> {
    if (this.path === undefined) return;
    const record = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '', folder };
    try {
      await writePidFile(this.path, record);
      this.#record = record;
    } catch (error) {
      this.#refuse(error);
    }
  }

  remove(): void {
    if (this.path !== undefined && this.#record !== undefined) removePidFile(this.path, this.#record);
    this.#record = undefined;
  }

  #refuse(error: unknown): void {
    if (this.needed || !(error instanceof Error)) throw error;
    this.warn(`${error.message}. Commands do not find this master`);
  }
}
