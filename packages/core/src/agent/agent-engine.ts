import type { AgentNotice } from '../agent-channel/agent-notice.js';
import type { QueueKeys } from '../agent-channel/master-message.js';
import type { AgentLimits, AgentSpec, SeenProcess, Wanted } from '../agent-channel/terms.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import type { LogSink } from '../logger/logger.js';
import type { MeasuredProcess } from '../metrics/process-measure.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessChange } from '../process/process-change.js';

/** The launcher inside an agent, as its session drives it. It never finishes by itself. */
export interface AgentEngine {
  /**
   * Takes the host for this run of the fleet. Resolves when nothing of an earlier run lives there any more.
   *
   * @throws Error when another agent of the fleet runs there; its text goes to the master
   */
  open(): Promise<void>;
  /**
   * Learns what there is. Nothing starts before it is wanted. Called once, after `open`.
   *
   * @param keys of the queue groups that have a part here
   * @param hostEvents whether the application here is told the events
   */
  start(specs: readonly AgentSpec[], limits: AgentLimits, keys?: QueueKeys, hostEvents?: boolean): void;
  /** There is more. It starts when it is wanted. Not before `start`; none of them is known. */
  add(specs: readonly AgentSpec[], keys?: QueueKeys): void;
  /** What still lives of them is asked to stop; what is over is forgotten. */
  retire(ids: readonly number[]): void;
  /**
   * Level-triggered: may be called again with the same.
   *
   * @param again what is over starts again, also if it has ended or failed by itself; where it is not to run, that it is over
   * is told again; default false
   */
  want(id: number, wanted: Wanted, again?: boolean): void;
  /** To that incarnation, if it lives. */
  tell(id: number, incarnation: number, notice: AgentNotice): void;
  /** A feeder that has run starts again only after this, for its last incarnation or a later one. */
  clear(id: number, incarnation: number): void;
  /** Half the lease is over: all processes are asked to stop, and none starts, until `resumeAll`. */
  stopAll(): void;
  /** The lease is held again: what `stopAll` or `killAll` ended (or is about to) starts again once it is gone, if `run` is wanted. */
  resumeAll(): void;
  /** The lease is over: all processes are killed, and none starts, until `resumeAll`. */
  killAll(): void;
  /**
   * The lease holds for so long from now. Passed on to slaves (channel message `lease`) and to the watchdog, which end
   * by themselves when they hear no more: an agent that is frozen cannot end them. Never before `start`; processes that
   * start later get what is left of it.
   */
  leaseRenewed(remainingMs: number): void;
  /** True while the operating system has no process of ours. */
  readonly allOver: boolean;
  /** Processes that were seen since the last call. */
  seen(): readonly SeenProcess[];
  /** What was measured since the last call. */
  measured?(): readonly MeasuredProcess[];
  /** All is over, for good. Undefined, or resolves when the application here knows, and has said what it has to say. */
  farewell?(): Promise<void> | undefined;
  /** Gives the host back. Called when all is over. */
  close(): Promise<void>;
}

/** What an engine tells its session. */
export interface AgentEngineListener {
  /** Where the engine logs: `display` of the origin says whose line it is. */
  readonly sink: LogSink;
  /** State, pid or incarnation of a process changed, or an event of it was published. */
  changed(change: ProcessChange): void;
  /** A process of a queue group says something to the master. */
  said(id: number, incarnation: number, message: QueueSlaveMessage): void;
  /** What was retired is over: nothing is told of it any more. */
  forgotten(process: ManagedProcess): void;
  /** `allOver` has become true. */
  over(): void;
}

/** Makes the engine of one run of a fleet. */
export type AgentEngineFactory = (
  run: { readonly fleet: string; readonly epoch: number },
  listener: AgentEngineListener,
) => AgentEngine;
