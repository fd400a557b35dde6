import { openLog, type LogFile, type OpenLogOptions } from '@distributed-architecture/core';
import { currentLogger } from './current-logger.js';
import { FleetLogger } from './fleet-logger.js';

/** The log of a master as the configuration and the command line want it. */
export class MasterLog {
  private constructor(
    private readonly file: LogFile | undefined,
    private readonly isOwn: boolean,
  ) {}

  /**
   * Turns the fleet's log there, whereto it goes from now on. The logger of an application's own writes where it wants: only
   * its output to stdout and stderr can be led to the file.
   *
   * @param takesOutput whether what this process writes to stdout and stderr goes to the file as well, so that it follows it
   * @throws LogFileError
   */
  static async open(options: OpenLogOptions, takesOutput: boolean): Promise<MasterLog> {
    const { sink, file } = openLog(options);
    const logger = currentLogger();
    const isOwn = !(logger instanceof FleetLogger);
    if (!isOwn) await logger.sink.use(sink);
    if (takesOutput && file !== undefined) leadOutputTo(file);
    return new MasterLog(file, isOwn);
  }

  /** Why settings of the log have no effect; undefined: they have. */
  get flaw(): string | undefined {
    return this.isOwn
      ? "the application's own logger writes the log: its file, level and form are that logger's"
      : undefined;
  }

  /** After others have renamed the file. */
  async reopen(): Promise<void> {
    await this.file?.reopen();
  }
}

/** The descriptors 1 and 2 stay where they are: they would follow no rotation. */
function leadOutputTo(file: LogFile): void {
  for (const stream of [process.stdout, process.stderr]) stream.write = file.write.bind(file) as typeof stream.write;
}
