/** Counts from its creation. */
export class Stopwatch {
  private readonly startMs = performance.now();

  ms(): number {
    return performance.now() - this.startMs;
  }
}
