import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessEffect } from '../process/process-decision.js';
import type { QueueNotice } from './launcher-decision.js';
import type { ProcessEvents } from './process-events.js';

/** The effects of one process, wherever it runs. */
export interface Supervised {
  readonly view: ManagedProcess;
  readonly events: ProcessEvents;
  carryOut(effect: ProcessEffect): void;
  /** Something about its queue group. */
  tell(notice: QueueNotice): void;
  /** The log is full: nothing is read from the process, or it is again. */
  pauseReading(paused: boolean): void;
  /** Looks at its memory. */
  measure(): void;
  /** It was retired and is over: nobody knows it any more. */
  forget?(): void;
}
