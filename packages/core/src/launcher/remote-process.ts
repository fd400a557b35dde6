import type { AgentNotice } from '../agent-channel/agent-notice.js';
import type { Wanted } from '../agent-channel/terms.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import { QUEUE_SPEAKERS } from '../channel/queue-speakers.js';
import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import type { ProcessChange } from '../process/process-change.js';
import type { ProcessEffect, ProcessEvent } from '../process/process-decision.js';
import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { ProcessEvents } from './process-events.js';
import { ProcessView } from './process-view.js';
import type { Supervised } from './supervised.js';

interface Shared {
  readonly clock: Clock;
  readonly sink: LogSink;
  readonly bus: EventBus;
  readonly record: (id: number) => ProcessRecord;
  readonly post: (id: number, event: ProcessEvent) => void;
  readonly postToQueue: (id: number, message: QueueSlaveMessage, incarnation?: number) => void;
}

/** What becomes of what is decided about a process: the link to its agent carries it there. */
export interface RemoteLine {
  want(wanted: Wanted): void;
  tell(incarnation: number, notice: AgentNotice): void;
  /** Of a feeder: after this incarnation the next may start. */
  clear(incarnation: number): void;
  /** It is over, and there is no such process any more. */
  forget(): void;
}

const NO_LINE: RemoteLine = { want() {}, tell() {}, clear() {}, forget() {} };

const WANTED: Partial<Record<ProcessEffect['type'], Wanted>> = { spawn: 'run', 'ask-to-stop': 'stop', kill: 'kill' };

/** A process that the agent of its host supervises: what the launcher decides about it is what it wants of the agent. */
export class RemoteProcess implements Supervised {
  readonly view: ProcessView;
  readonly events: ProcessEvents;
  #line = NO_LINE;
  #wanted: Wanted | undefined;

  constructor(
    readonly spec: ProcessSpec,
    private readonly shared: Shared,
  ) {
    this.view = new ProcessView(spec, shared.clock, () => shared.record(spec.id));
    this.events = new ProcessEvents(this.view, shared.bus, shared.clock);
  }

  /** What was wanted before is wanted of it at once. */
  connect(line: RemoteLine): void {
    this.#line = line;
    if (this.#wanted !== undefined) line.want(this.#wanted);
  }

  /** Nothing is decided about it any more. */
  forget(): void {
    this.#line.forget();
    this.#line = NO_LINE;
  }

  carryOut(effect: ProcessEffect): void {
    if (effect.type === 'log') return this.shared.sink.write(this.spec.origin, effect.level, effect.message);
    if (effect.type === 'publish') return this.events.publish(effect);
    if (effect.type === 'item-timeout') return this.tell(effect);
    if (effect.type === 'clear') return this.#line.clear(effect.incarnation);
    this.#wanted = WANTED[effect.type]!;
    this.#line.want(this.#wanted);
  }

  tell(notice: AgentNotice): void {
    this.#line.tell(this.shared.record(this.spec.id).incarnation, notice);
  }

  /** Its agent sends nothing while our log is full: see `HostLinkOptions.full`. */
  pauseReading(): void {}

  /** Its agent does. */
  measure(): void {}

  changed(change: ProcessChange): void {
    this.shared.post(this.spec.id, { type: 'reported', change });
  }

  said(level: LogLevel, lines: string): void {
    this.shared.sink.writeLines(this.spec.origin, level, lines);
    this.seen();
    this.events.said(lines);
  }

  logged(level: LogLevel, message: string, context: string | undefined): void {
    this.shared.sink.write(this.spec.origin, level, message, context);
    this.seen();
    this.events.seen(message);
  }

  /** It has said something about its queue group. */
  relayed(incarnation: number, message: QueueSlaveMessage): void {
    if (this.spec.queue?.role !== QUEUE_SPEAKERS[message.type]) return;
    this.seen();
    this.shared.postToQueue(this.spec.id, message, incarnation);
  }

  seen(): void {
    this.shared.post(this.spec.id, { type: 'seen' });
  }
}
