import type { Writable } from 'node:stream';
import type { Clock } from '../clock/clock.js';
import { SystemClock } from '../clock/system-clock.js';
import { DEFAULTS } from '../config/defaults.js';
import { JsonLogSink } from './json-log-sink.js';
import { LevelLogSink } from './level-log-sink.js';
import { LogFile } from './log-file.js';
import { linePrefix, MASTER_ORIGIN, originTags } from './log-text.js';
import type { LogLevel, LogSink } from './logger.js';
import { TextLogSink } from './text-log-sink.js';

/** What a master's log is like. */
export interface OpenLogOptions {
  /** A file; undefined: stdout. */
  readonly path?: string;
  /** Default `text`. */
  readonly format?: 'text' | 'json';
  /** The least severe level that is written. Default `log`. */
  readonly level?: LogLevel;
  /** MB at which a new file is begun before the day ends. Default 100. */
  readonly maxSize?: number;
  /** Older files that are kept. Default 30. */
  readonly maxFiles?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A log that was opened. */
export interface OpenedLog {
  readonly sink: LogSink;
  /** Undefined: it goes to stdout. */
  readonly file?: LogFile;
}

/** @throws LogFileError */
export function openLog(options: OpenLogOptions): OpenedLog {
  const { path, format = DEFAULTS.logFormat, level = DEFAULTS.logLevel, clock = new SystemClock() } = options;
  const { maxSize, maxFiles } = options;
  const gap = (lines: number, reason: string): string =>
    gapText({ format, time: clock.date().toISOString() }, lines, reason);
  const file = path === undefined ? undefined : new LogFile(path, { clock, gap, maxSize, maxFiles });
  const stream: Writable = file ?? process.stdout;
  const sink = format === 'json' ? new JsonLogSink(stream, clock) : new TextLogSink(stream, clock);
  return { sink: new LevelLogSink(sink, level), file };
}

function gapText({ format, time }: { format: 'text' | 'json'; time: string }, lines: number, reason: string): string {
  const message = `${lines} ${lines === 1 ? 'line was' : 'lines were'} lost: the log could not be written (${reason})`;
  if (format === 'json') return `${JSON.stringify({ time, level: 'warn', process: MASTER_ORIGIN.display, message })}\n`;
  return `${linePrefix(time, 'warn', originTags(MASTER_ORIGIN))}${message}\n`;
}
