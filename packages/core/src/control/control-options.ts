import type { Clock } from '../clock/clock.js';
import type { EventJournal } from '../event-journal/event-journal.js';
import type { LogLevel } from '../logger/logger.js';
import type { EventFeed } from './event-feed.js';
import type { FleetControl } from './fleet-control.js';
import type { FleetRecorder } from './fleet-recorder.js';
import type { FleetSource } from './fleet-source.js';
import type { OperatorOptions } from './operator-options.js';
import type { ServerLimits } from './control-server.js';

/** What a control socket shows, and what it works on. */
export interface ControlOptions {
  /** Of the run: the socket is in it. */
  readonly folder: string;
  readonly source: FleetSource;
  readonly recorder: FleetRecorder;
  readonly feed: EventFeed;
  readonly journal: EventJournal;
  /** Where the journal is. */
  readonly journalFolder: string;
  readonly fleet: FleetControl;
  readonly operator?: OperatorOptions;
  /** Absent: there are none. */
  readonly metrics?: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly clock: Clock;
  readonly log: (level: LogLevel, message: string) => void;
  readonly limits?: ServerLimits;
  /** Between two signs of life to those who follow. Default 15 s. */
  readonly beatMs?: number;
}
