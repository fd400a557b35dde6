import type { FeederFoundNotice } from '../agent-channel/agent-notice.js';
import type {
  ConsumerGoneMessage,
  FeederGoneMessage,
  LetGoMessage,
  QueueSlaveMessage,
} from '../channel/queue-message.js';
import type { HostLoad } from '../process/host-load.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessSpec } from '../process/process-spec.js';
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
  /** A master stops the processes of groups, and starts none of them until they are resumed. `force`: kills them. */
  | { readonly type: 'suspend'; readonly groups: readonly string[]; readonly force: boolean }
  | { readonly type: 'resume'; readonly groups: readonly string[] }
  /** A master stops processes (or kills them) and starts each again when it has stopped. What is over starts at once. */
  | { readonly type: 'recycle'; readonly ids: readonly number[]; readonly force: boolean }
  /** There are more processes. An agent only gets to know them. `firstIncarnations`: see `StateOptions`. */
  | {
      readonly type: 'add';
      readonly specs: readonly ProcessSpec[];
      readonly firstIncarnations?: ReadonlyMap<number, number>;
    }
  /** Groups that are being retired start again, as these processes, when nothing is left of them. */
  | { readonly type: 'put-back'; readonly specs: readonly ProcessSpec[] }
  /** There is another process for that one's place, until that one is retired as an extra one. */
  | { readonly type: 'successor'; readonly of: number; readonly spec: ProcessSpec }
  /** Processes are stopped (or killed), and forgotten when they are over. */
  | { readonly type: 'retire'; readonly ids: readonly number[]; readonly force: boolean }
  /** Consumers on demand have other bounds: those in the configurations of these specs. */
  | { readonly type: 'bounds'; readonly specs: readonly ProcessSpec[] }
  /** A change of the fleet begins, or has ended: meanwhile the launcher does not end for want of processes. */
  | { readonly type: 'change'; readonly begins: boolean }
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
  /** There are more processes. Comes before any other effect that is about them. */
  | { readonly type: 'added'; readonly specs: readonly ProcessSpec[] }
  /** There is no such process any more; its last record is in `LauncherState.forgotten`. */
  | { readonly type: 'forget'; readonly id: number }
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
