/**
 * Thrown after commander has printed what is wrong with a command line, to leave it. By `CommandFactory.run` it is
 * printed once more, by its `toString`: so that is empty.
 */
export class ReportedError extends Error {
  constructor(readonly exitCode: number) {
    super('The command line was refused');
  }

  override toString(): string {
    return '';
  }
}
