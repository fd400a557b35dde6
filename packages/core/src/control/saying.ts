import type { LogLevel } from '../logger/logger.js';
import type { FleetRecorder } from './fleet-recorder.js';
import type { RecentLine, SaidBlock } from './recent-lines.js';

/** Who has said something in the log, and when. */
export interface LogSpeaker {
  /** ISO 8601. */
  readonly at: string;
  readonly level: LogLevel;
  /** Undefined: said by a launcher. */
  readonly group?: string;
  readonly host?: string;
  /** Id; undefined: said by a launcher. */
  readonly process?: number;
  /** `command/id/groupId`, or `master`. */
  readonly display: string;
}

/** A line of the log, as `GET /logs` tells it. */
export interface LogLine extends LogSpeaker {
  readonly line: string;
}

/** Lines that were said at once, as those who follow the log are told. */
export interface LogLines extends LogSpeaker {
  readonly lines: readonly string[];
}

export function lineOf(recorder: FleetRecorder, line: RecentLine): LogLine {
  return { ...speakerOf(recorder, line), line: line.text };
}

export function sayingOf(recorder: FleetRecorder, said: SaidBlock): LogLines {
  return { ...speakerOf(recorder, said), lines: said.lines };
}

function speakerOf(recorder: FleetRecorder, { at, level, origin }: Omit<SaidBlock, 'lines'>): LogSpeaker {
  const process = recorder.idOf(origin);
  const { group, host, display } = origin;
  return {
    at: new Date(at).toISOString(),
    level,
    ...(group !== undefined && { group }),
    ...(host !== undefined && { host }),
    ...(process !== undefined && { process }),
    display,
  };
}
