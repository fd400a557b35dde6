import type { QueueRole } from '../channel/queue-message.js';
import type { ApplyResult, ReloadResult } from '../control/fleet-control.js';
import type { ProcessExit } from '../process/process-exit.js';

/** What happened, as it is kept. */
export type JournalEvent = MasterEvent | ProcessEvent | CommandEvent | ChangeEvent;

export type JournalEventType = JournalEvent['type'];

/** An event with when and in which run it happened. */
export type JournalEntry = JournalStamp & JournalEvent;

export interface JournalStamp {
  /** ISO 8601. */
  readonly at: string;
  /** Of the run. */
  readonly epoch: number;
  /** Number of the event in its run, from 1. */
  readonly seq: number;
}

export interface MasterEvent {
  readonly type: 'master_starting' | 'master_started' | 'master_stopped';
  readonly pid: number;
  readonly version: string;
}

/** Who it was, at that moment. */
export interface ProcessEvent {
  readonly type: 'process_started' | 'process_stopped' | 'process_timedout';
  readonly id: number;
  readonly groupId: number;
  readonly group: string;
  readonly host: string;
  readonly display: string;
  readonly incarnation: number;
  readonly pid?: number;
  readonly role?: QueueRole;
  /** Of `process_stopped`. */
  readonly exit?: ProcessExit;
}

/** What an operator asked for, and what it was answered. */
export interface CommandEvent {
  readonly type: 'command';
  /** `suspend`, `reload`, for example. */
  readonly command: string;
  readonly group?: string;
  /** What else was said with it. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Who asked; undefined: did not say. */
  readonly operator?: string;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly message?: string;
}

/** A change of the fleet, whoever wanted it: an operator, a signal, the application. */
export interface ChangeEvent {
  readonly type: 'change_started' | 'change_ended';
  readonly change: 'reload' | 'restart' | 'scale' | 'configuration';
  readonly group?: string;
  /** Of `change_ended`: `ok`, `incomplete`, or the code of the error. */
  readonly outcome?: string;
  readonly message?: string;
  readonly result?: ReloadResult | ApplyResult;
}
