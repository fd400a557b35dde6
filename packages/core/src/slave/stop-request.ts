/** Whether a stop was asked for, and the end of whatever waits for it. */
export class StopRequest {
  readonly #controller = new AbortController();

  get asked(): boolean {
    return this.#controller.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  ask(): void {
    this.#controller.abort();
  }

  /**
   * Waits for so long.
   *
   * @returns false as soon as a stop is asked for, else true
   */
  wait(ms: number): Promise<boolean> {
    if (this.asked) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', end);
        resolve(!this.asked);
      };
      const timer = setTimeout(end, ms);
      this.signal.addEventListener('abort', end);
    });
  }
}
