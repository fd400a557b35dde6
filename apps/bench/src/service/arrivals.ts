import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';

interface Awaited<T> {
  readonly matches: (entry: T) => boolean;
  readonly come: PromiseWithResolvers<Arrival<T>>;
}

export interface Arrival<T> {
  readonly entry: T;
  /** Nanoseconds, by the clock that all processes of a machine share. */
  readonly atNs: bigint;
}

/** Reads a stream to its end, and tells when something has come. */
export class Arrivals<T> {
  private awaited: Awaited<T> | undefined;
  private failed: unknown;

  private constructor(private readonly stream: AsyncIterable<T>) {}

  /** @param open is called with a signal that ends the stream with the scope */
  static async follow<T>(scope: Scope, open: (signal: AbortSignal) => AsyncIterable<T>): Promise<Arrivals<T>> {
    const abort = new AbortController();
    const arrivals = new Arrivals(open(abort.signal));
    const read = arrivals.read(abort.signal);
    await scope.defer(() => {
      abort.abort();
      return read;
    });
    return arrivals;
  }

  /** Resolves when the first such entry comes after this call. Throws when none does within a minute. */
  next(what: string, matches: (entry: T) => boolean): Promise<Arrival<T>> {
    const come = Promise.withResolvers<Arrival<T>>();
    if (this.failed !== undefined) come.reject(this.failed);
    this.awaited = { matches, come };
    return within(what, come.promise);
  }

  private async read(signal: AbortSignal): Promise<void> {
    try {
      for await (const entry of this.stream) {
        const atNs = process.hrtime.bigint();
        if (this.awaited?.matches(entry)) this.awaited.come.resolve({ entry, atNs });
      }
    } catch (error) {
      if (signal.aborted) return;
      this.failed = error;
      this.awaited?.come.reject(error);
    }
  }
}
