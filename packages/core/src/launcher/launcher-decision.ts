import type {
  ConsumerGoneMessage,
  FeederGoneMessage,
  LetGoMessage,
  QueueSlaveMessage,
} from '../channel/queue-message.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessContext, ProcessEffect, ProcessEvent } from '../process/process-decision.js';

/** What happens to a launcher or to its processes. */
export type LauncherEvent =
  | { readonly type: 'run' }
  | { readonly type: 'process'; readonly id: number; readonly event: ProcessEvent }
  /** A process of a queue group says something. */
  | { readonly type: 'queue'; readonly id: number; readonly message: QueueSlaveMessage }
  /** An agent is told that a process is to run. */
  | { readonly type: 'start'; readonly id: number }
  /** An agent stops its processes for a while, and goes on. */
  | { readonly type: 'hold'; readonly force: boolean }
  | { readonly type: 'release' }
  | { readonly type: 'reading-paused' }
  | { readonly type: 'reading-resumed' }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }
  | { readonly type: 'tick' };

/** What has to be done, in this order. */
export type LauncherEffect =
  | { readonly type: 'process'; readonly id: number; readonly effect: ProcessEffect }
  | { readonly type: 'tell'; readonly id: number; readonly notice: QueueNotice }
  /** Without a group it is about the launcher itself. */
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly group?: string }
  | { readonly type: 'publish'; readonly name: 'master_started' }
  | { readonly type: 'finish'; readonly exitCode: number };

/** What a process of a queue group is told. */
export type QueueNotice = FeederReadyNotice | FeederGoneMessage | ConsumerGoneMessage | LetGoMessage;

/** Where the feeder listens is told when the notice is sent. */
export interface FeederReadyNotice {
  readonly type: 'feeder-ready';
  /** Id of the feeder. */
  readonly feeder: number;
  readonly incarnation: number;
}

/** What decisions need besides the state and the event. */
export type LauncherContext = Omit<ProcessContext, 'maxProcessTimeout'>;

/** Passes an event to a process. */
export type Post = (id: number, event: ProcessEvent) => LauncherEffect[];

export function log(level: LogLevel, message: string, group?: string): LauncherEffect {
  return { type: 'log', level, message, ...(group !== undefined && { group }) };
}
