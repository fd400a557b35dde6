/** Processor time between two measures, as a fraction of one core. */
export class ProcessorShare {
  #last: { readonly usedMs: number; readonly at: number } | undefined;

  /** Of another process from now on. */
  clear(): void {
    this.#last = undefined;
  }

  /** @returns undefined: the first one can only be compared with a later one */
  of(usedMs: number, now: number): number | undefined {
    const last = this.#last;
    if (last !== undefined && now <= last.at) return undefined;
    this.#last = { usedMs, at: now };
    return last && Math.max(0, Math.round(((usedMs - last.usedMs) / (now - last.at)) * 10_000) / 10_000);
  }
}
