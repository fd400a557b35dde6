/** Levels from the most to the least severe; the words are those of Nest's logger. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * What slave code and users' own loggers speak: one method a level. Nest's `LoggerService` and `console` with its
 * missing levels filled in both fit.
 */
export type Logger = {
  [level in LogLevel]: (message: unknown, context?: string) => void;
};

/** Where a record comes from: the first three brackets of a log line. */
export interface LogOrigin {
  /** The group's name; absent for the launcher's own records. */
  readonly group?: string;
  /** `localhost`, or the host's name in the configuration; absent for the master's own records. */
  readonly host?: string;
  /** `command/id/groupId`, or `master`. */
  readonly display: string;
}

/**
 * Where a launcher's log goes. Unlike a `Logger` it takes whole blocks of lines and says when it is full, so that
 * reading from processes pauses while the disk or the terminal is slow.
 */
export interface LogSink {
  /** Writes one record. `context` is the logger's name inside the process, as in Nest. */
  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void;
  /** Writes a block of one or more whole lines, each ended by a newline, said by one stream of one process. */
  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void;
  /** Undefined while the sink accepts more at once, else resolves when it does again. */
  full(): Promise<void> | undefined;
  /** Resolves when all that was written has left this process, or can never leave it. */
  flush(): Promise<void>;
}
