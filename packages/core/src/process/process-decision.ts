import type { LogLevel } from '../logger/logger.js';
import type { ProcessChange } from './process-change.js';
import type { ProcessExit } from './process-exit.js';
import type { ProcessRecord } from './process-record.js';

/** What happens to a process. */
export type ProcessEvent =
  | { readonly type: 'wait' }
  | { readonly type: 'dependency-failed'; readonly group: string }
  | { readonly type: 'start' }
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'spawn-failed'; readonly error: string }
  /** `adopts`: of a feeder, see `ReadyMessage`. */
  | { readonly type: 'ready'; readonly adopts?: boolean }
  /** It boots, and waits for what others may end; or it goes on. */
  | { readonly type: 'waiting'; readonly waiting: boolean }
  | { readonly type: 'seen' }
  | { readonly type: 'measured'; readonly rssBytes: number }
  | { readonly type: 'reading-resumed' }
  | { readonly type: 'ended'; readonly code: number }
  /** Of a consumer: an item that has timed out does not let go of it. */
  | { readonly type: 'item-timeout'; readonly reason: string }
  | {
      readonly type: 'exited';
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly lastLines?: readonly string[];
    }
  | { readonly type: 'unwant' }
  | { readonly type: 'stop' }
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' }
  /** Stop it and start it again as its next incarnation, whatever its policy says; what is over starts again. */
  | { readonly type: 'recycle' }
  /** As if it had never been started: what was suspended before its first start, and what is over. */
  | { readonly type: 'renew' }
  /** Kill it, and do not start it again. */
  | { readonly type: 'kill' }
  /** Kill it; what becomes of it then is told by what else was asked for. */
  | { readonly type: 'force' }
  | { readonly type: 'due' }
  /** By the agent that supervises it: see `remote-process-machine.ts`. */
  | { readonly type: 'reported'; readonly change: ProcessChange };

/** What has to be done about it, in this order. */
export type ProcessEffect =
  | { readonly type: 'spawn' }
  | { readonly type: 'ask-to-stop' }
  | { readonly type: 'kill' }
  /** To the agent of a consumer: it is to be killed for this reason, and goes on by the rules of its group. */
  | { readonly type: 'item-timeout'; readonly reason: string }
  /** To the agent of a feeder: after this incarnation the next may start. */
  | { readonly type: 'clear'; readonly incarnation: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly type: 'publish'; readonly name: 'process_started' }
  | { readonly type: 'publish'; readonly name: 'process_timedout' }
  | { readonly type: 'publish'; readonly name: 'process_stopped'; readonly exit: ProcessExit };

/** What decisions need besides the record and the event. */
export interface ProcessContext {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Time-outs in a row after which a process is given up; 0: never. */
  readonly maxProcessTimeout: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

export type ProcessDecision = readonly [ProcessRecord, readonly ProcessEffect[]];

export function unchanged(record: ProcessRecord): ProcessDecision {
  return [record, []];
}

/** What waited for a group that has failed for good is never started. */
export function dependencyFailed(record: ProcessRecord, group: string): ProcessDecision {
  if (record.state !== 'waiting') return unchanged(record);
  return [
    { ...record, state: 'failed' },
    [log('error', `Not started: group ${group}, on which it depends, has failed`)],
  ];
}

export function log(level: LogLevel, message: string): ProcessEffect {
  return { type: 'log', level, message };
}
