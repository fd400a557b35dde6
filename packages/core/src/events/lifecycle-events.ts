import type { QueueView } from '../launcher/queue-counts.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { ProcessExit } from '../process/process-exit.js';

/** What a listener sees of the launcher that published an event. */
export interface LauncherView {
  /** False on the agent of a remote host. */
  readonly isMaster: boolean;
  readonly isRunning: boolean;
  readonly processes: readonly ManagedProcess[];
  /** Names of the groups that run. */
  readonly groups: readonly string[];
  /** How the queue groups do. */
  readonly queues: readonly QueueView[];
}

abstract class MasterEvent {
  constructor(readonly launcher: LauncherView) {}
}

abstract class ProcessEvent {
  constructor(readonly process: ManagedProcess) {}
}

/** A launcher begins: nothing is started yet. */
export class MasterStartingEvent extends MasterEvent {
  static readonly NAME = 'distributed_architecture.master_starting';
}

/** Every process that is due at once was started, or could not be. */
export class MasterStartedEvent extends MasterEvent {
  static readonly NAME = 'distributed_architecture.master_started';
}

/** The launcher runs; once a second. */
export class MasterRunningEvent extends MasterEvent {
  static readonly NAME = 'distributed_architecture.master_running';
}

/** The launcher has ended, and with it all its processes. */
export class MasterStoppedEvent extends MasterEvent {
  static readonly NAME = 'distributed_architecture.master_stopped';
}

/** A process is known to the launcher; once in its life. */
export class ProcessCreatedEvent extends ProcessEvent {
  static readonly NAME = 'distributed_architecture.process_created';
}

/** An incarnation was spawned. */
export class ProcessStartedEvent extends ProcessEvent {
  static readonly NAME = 'distributed_architecture.process_started';
}

/**
 * A process was seen. The same line is published at most once a second, and at most 20 events a second per process:
 * beyond that the latest line wins.
 */
export class ProcessRunningEvent extends ProcessEvent {
  static readonly NAME = 'distributed_architecture.process_running';

  constructor(
    process: ManagedProcess,
    /** The line that it said; undefined for a ping. */
    readonly line: string | undefined,
  ) {
    super(process);
  }
}

/** An incarnation has ended. */
export class ProcessStoppedEvent extends ProcessEvent {
  static readonly NAME = 'distributed_architecture.process_stopped';

  constructor(
    process: ManagedProcess,
    readonly exit: ProcessExit,
  ) {
    super(process);
  }
}

/** A process was not seen for its `timeout`; it is about to be killed. */
export class ProcessTimedOutEvent extends ProcessEvent {
  static readonly NAME = 'distributed_architecture.process_timedout';
}

/** The events of a launcher by their short names. */
export interface LifecycleEventMap {
  master_starting: MasterStartingEvent;
  master_started: MasterStartedEvent;
  master_running: MasterRunningEvent;
  master_stopped: MasterStoppedEvent;
  process_created: ProcessCreatedEvent;
  process_started: ProcessStartedEvent;
  process_running: ProcessRunningEvent;
  process_stopped: ProcessStoppedEvent;
  process_timedout: ProcessTimedOutEvent;
}

export type LifecycleEventName = keyof LifecycleEventMap;
export type LifecycleEvent = LifecycleEventMap[LifecycleEventName];
