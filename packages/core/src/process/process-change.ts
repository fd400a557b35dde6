import type { ProcessExit } from './process-exit.js';
import type { ProcessState } from './process-state.js';

/** A lifecycle event that came with a change. */
export type PublishedChange = 'process_started' | 'process_timedout' | 'process_stopped';

/** What became of a process on another host. Changes of one process come in the order in which they happened. */
export interface ProcessChange {
  readonly id: number;
  /** The state from now on. */
  readonly state: ProcessState;
  /** Undefined while nothing runs. */
  readonly pid?: number;
  /** The incarnation that the change is about. */
  readonly incarnation: number;
  /** Of a feeder that runs: whether it can go on with what consumers of its predecessor hold. Default false. */
  readonly adopts?: boolean;
  readonly published?: PublishedChange;
  /** With `process_stopped`, and only then. */
  readonly exit?: ProcessExit;
}
