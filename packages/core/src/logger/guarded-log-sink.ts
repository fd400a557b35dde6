import type { LogLevel, LogOrigin, LogSink } from './logger.js';

/** A sink that somebody else wrote: whatever it throws or rejects, the launcher goes on. */
export class GuardedLogSink implements LogSink {
  constructor(private readonly sink: LogSink) {}

  write(origin: LogOrigin, level: LogLevel, message: string, context?: string): void {
    attempt(() => this.sink.write(origin, level, message, context));
  }

  writeLines(origin: LogOrigin, level: LogLevel, lines: string): void {
    attempt(() => this.sink.writeLines(origin, level, lines));
  }

  /** One that fails while it is waited for has room. */
  full(): Promise<void> | undefined {
    return attempt(() => this.sink.full())?.catch(ignore);
  }

  async flush(): Promise<void> {
    await attempt(() => this.sink.flush())?.catch(ignore);
  }
}

/** A log that cannot be written must not end what it reports on, and there is nowhere else to tell it. */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** For promises of somebody else, which may be none. */
export function ignore(): void {}
