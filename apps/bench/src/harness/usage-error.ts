/** A bad command line; ends with exit code 64. */
export class UsageError extends Error {
  readonly code = 'BENCH_USAGE';

  constructor(
    message: string,
    /** What could have been asked for. */
    readonly usage: string,
  ) {
    super(message);
  }
}
