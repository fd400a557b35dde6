import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { isBootNoise, isThrownAsWell } from './boot-noise.js';

/** Takes one record of Nest's logger: its text, errors with their stack, and the name of the logger that said it. */
export type RecordWriter = (level: LogLevel, text: string, context: string | undefined) => void;

/**
 * Nest's logger as it is, but for its output: each record goes to a writer, without Nest's own prefix. Without a
 * writer it prints as Nest does. It leaves out what Nest tells of its own boot.
 */
export class RecordLogger extends ConsoleLogger {
  /**
   * @param writer where records go; undefined: where and as Nest prints them
   * @param bootErrors whether Nest's own record of a failed boot is left out, since the error is reported elsewhere
   */
  constructor(
    protected writer: RecordWriter | undefined,
    private readonly bootErrors: 'shown' | 'left-out',
  ) {
    super(writer === undefined ? {} : { colors: false });
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level: LogLevel = 'log',
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
    ...rest: [Record<string, unknown>?]
  ): void {
    if (this.#leavesOut(level, context)) return;
    if (this.writer === undefined) return super.printMessages(messages, context, level, stream, stack, ...rest);
    for (const message of messages)
      this.writer(level, this.#text(message, level, stack, rest[0]), context || undefined);
  }

  protected override printStackTrace(stack: string): void {
    if (this.writer === undefined) super.printStackTrace(stack);
  }

  #leavesOut(level: LogLevel, context: string | undefined): boolean {
    return isBootNoise(level, context) || (this.bootErrors === 'left-out' && isThrownAsWell(context));
  }

  #text(message: unknown, level: LogLevel, stack: unknown, params: Record<string, unknown> | undefined): string {
    const text = this.stringifyMessage(message, level);
    const shownParams = params === undefined ? '' : ` ${this.stringifyMessage(params, level)}`;
    return text + shownParams + (typeof stack === 'string' && stack !== '' ? `\n${stack}` : '');
  }
}
