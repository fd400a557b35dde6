import type { FeederFoundNotice } from '../agent-channel/agent-notice.js';
import type {
  ConsumerGoneMessage,
  FeederGoneMessage,
  LetGoMessage,
  QueueSlaveMessage,
} from '../channel/queue-message.js';
import type { HostLoad } from '../process/host-load.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessContext, ProcessEffect, ProcessEvent } from '../process/process-decision.js';

/** What happens to a launcher or to its processes. */
export type LauncherEvent =
  | { readonly type: 'run' }
  | { readonly type: 'process'; readonly id: number; readonly event: ProcessEvent }
  /** An agent has seen processes. One event for all of them: with many hosts there is no more frequent one. */
  | { readonly type: 'seen'; readonly ids: readonly number[] }
  /** A process of a queue group says something. */
  | {
      readonly type: 'queue';
      readonly id: number;
      /** Of what says it; undefined: the present one. */
      readonly incarnation?: number;
      readonly message: QueueSlaveMessage;
    }
  /** A host is connected, or is not any more. Hosts are named by the keys of their agents, the launcher's own by ''. */
  | { readonly type: 'host'; readonly agent: string; readonly reachable: boolean }
  | { readonly type: 'load'; readonly agent: string; readonly load: HostLoad }
  /** Of a feeder under this agent: after this incarnation the next may start. */
  | { readonly type: 'clear'; readonly id: number; readonly incarnation: number }
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
  /** Under an agent: what a process of a queue group says is for the master. */
  | { readonly type: 'relay'; readonly id: number; readonly message: QueueSlaveMessage }
  /** Without a group it is about the launcher itself. */
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly group?: string }
  | { readonly type: 'publish'; readonly name: 'master_started' }
  | { readonly type: 'finish'; readonly exitCode: number };

/** What a process of a queue group is told. */
export type QueueNotice = FeederFoundNotice | FeederGoneMessage | ConsumerGoneMessage | LetGoMessage;

/** What decisions need besides the state and the event. */
export type LauncherContext = Omit<ProcessContext, 'maxProcessTimeout'>;

/** Passes an event to a process. */
export type Post = (id: number, event: ProcessEvent) => LauncherEffect[];

export function log(level: LogLevel, message: string, group?: string): LauncherEffect {
  return { type: 'log', level, message, ...(group !== undefined && { group }) };
}
