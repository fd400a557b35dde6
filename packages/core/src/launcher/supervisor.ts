import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import { Alarm } from '../clock/alarm.js';
import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogOrigin, LogSink } from '../logger/logger.js';
import type { ProcessEffect } from '../process/process-decision.js';
import type { ProcessHost } from '../process/process-host.js';
import type { HostLoad } from '../process/host-load.js';
import type { ProcessRecord } from '../process/process-record.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { LauncherEffect, LauncherEvent, QueueNotice } from './launcher-decision.js';
import { decide } from './launcher-machine.js';
import { deadlineOfTouched, nextDeadline, type LauncherState } from './launcher-state.js';
import type { QueueLinks } from './queue-links.js';
import { ReadingGate } from './reading-gate.js';
import { RemoteProcess } from './remote-process.js';
import { SupervisedProcess } from './supervised-process.js';
import type { Supervised } from './supervised.js';

/** What has no memory limit is measured every so many heartbeats, as evidence for its exit. */
const SELDOM = 5;

export interface SupervisorOptions {
  readonly state: LauncherState;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  readonly sink: LogSink;
  readonly bus: EventBus;
  readonly host: ProcessHost;
  readonly queueLinks: QueueLinks;
  /** Fencing token that slaves get. */
  readonly epoch: () => number;
  readonly listener: SupervisorListener;
}

export interface SupervisorListener {
  /** Every process that was due at once was started, or could not be. */
  started(): void;
  /** All is over. */
  finished(exitCode: number): void;
  /** An event of a process is about to be published. */
  publishing?(record: ProcessRecord, effect: Extract<ProcessEffect, { type: 'publish' }>): void;
  /** Of an agent: a process of a queue group says something, which is for its master. */
  relay?(record: ProcessRecord, message: QueueSlaveMessage): void;
  /** All events so far were decided and their effects carried out. */
  settled?(): void;
}

/**
 * The main loop of a launcher, master or agent: one mailbox of events, one decision at a time, effects carried out in
 * their order. What effects cause comes back through the mailbox, so that the state has one writer.
 */
export class Supervisor {
  /** In the order of their ids. */
  readonly supervised: ReadonlyMap<number, Supervised>;
  readonly gate: ReadingGate;
  /** Those that no agent supervises. */
  readonly #local: readonly SupervisedProcess[];
  readonly #alarm: Alarm;
  readonly #mailbox: LauncherEvent[] = [];
  #draining = false;
  /** When an agent's lease ends, in monotonic milliseconds; a master has none. */
  #leaseEndsAt: number | undefined;
  #heartbeats = 0;

  constructor(private readonly options: SupervisorOptions) {
    this.#alarm = new Alarm(options.clock, () => this.post({ type: 'tick' }));
    this.gate = new ReadingGate(options.sink, (paused) => this.#onGate(paused));
    const all = [...options.state.processes.values()].map(({ spec }) => this.#supervise(spec));
    this.supervised = new Map(all.map((each) => [each.view.id, each]));
    this.#local = all.filter((each) => each instanceof SupervisedProcess);
  }

  post(event: LauncherEvent): void {
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain();
  }

  /** Once a second: what is not caused by an event. */
  heartbeat(): void {
    this.#heartbeats++;
    for (const each of this.supervised.values()) each.events.flush();
    for (const each of this.#local) if (this.#isToBeMeasured(each.spec)) each.measure();
    this.#measureHost();
  }

  /** Passes an agent's lease on to its slaves, also to those that start later. */
  renewLease(seconds: number): void {
    this.#leaseEndsAt = this.options.clock.monotonicMs() + seconds * 1000;
    for (const each of this.#local) each.renewLease(seconds);
  }

  /** @param agent key of the host's agent; '': this machine */
  setLoad(agent: string, load: HostLoad): void {
    if (this.#choosesHosts) this.post({ type: 'load', agent, load });
  }

  /** The key of a queue group, in base64: for the agents that have a part of it. */
  queueKeyOf(group: string): string {
    return this.options.queueLinks.keyOf(group);
  }

  end(): void {
    this.#alarm.cancel();
  }

  #supervise(spec: ProcessSpec): SupervisedProcess | RemoteProcess {
    const { state, host, clock, sink, bus, epoch, queueLinks } = this.options;
    const shared = {
      host,
      clock,
      sink,
      bus,
      gate: this.gate,
      lease: () => this.#lease,
      start: () => ({ protocol: CHANNEL_PROTOCOL, epoch: epoch() }),
      queueStart: (each: ProcessSpec, incarnation: number) => queueLinks.startOf(each, incarnation),
      queueMessage: (notice: QueueNotice) => queueLinks.message(notice),
      record: (id: number) => state.processes.get(id)!,
      post: (id: number, event: Extract<LauncherEvent, { type: 'process' }>['event']) =>
        this.post({ type: 'process', id, event }),
      postToQueue: (id: number, message: QueueSlaveMessage, incarnation?: number) =>
        this.post({ type: 'queue', id, message, ...(incarnation !== undefined && { incarnation }) }),
    };
    return spec.agent === undefined ? new SupervisedProcess(spec, shared) : new RemoteProcess(spec, shared);
  }

  /** Seconds that are left. */
  get #lease(): number | undefined {
    if (this.#leaseEndsAt === undefined) return undefined;
    return Math.max(0, this.#leaseEndsAt - this.options.clock.monotonicMs()) / 1000;
  }

  #drain(): void {
    const { clock, state, random, listener } = this.options;
    let ticked = false;
    this.#draining = true;
    for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift()) {
      ticked ||= event.type === 'tick';
      for (const effect of decide(state, event, { now: clock.monotonicMs(), random })) this.#carryOut(effect);
    }
    this.#draining = false;
    // The alarm is there for what was not touched: all deadlines are looked at only when it has rung.
    const deadline = ticked ? nextDeadline(state) : deadlineOfTouched(state);
    listener.settled?.();
    state.touched.clear();
    this.#alarm.set(deadline);
  }

  #carryOut(effect: LauncherEffect): void {
    switch (effect.type) {
      case 'process':
        return this.#toProcess(effect.id, effect.effect);
      case 'log':
        return this.options.sink.write(originOf(effect), effect.level, effect.message);
      case 'tell':
        return this.supervised.get(effect.id)!.tell(effect.notice);
      case 'relay':
        return this.#relay(effect);
      case 'publish':
        return this.options.listener.started();
      case 'finish':
        return this.options.listener.finished(effect.exitCode);
    }
  }

  #relay({ id, message }: Extract<LauncherEffect, { type: 'relay' }>): void {
    const { listener, state } = this.options;
    listener.relay?.(state.processes.get(id)!, message);
  }

  #toProcess(id: number, effect: ProcessEffect): void {
    const { listener, state } = this.options;
    if (effect.type === 'publish') listener.publishing?.(state.processes.get(id)!, effect);
    this.supervised.get(id)!.carryOut(effect);
  }

  #measureHost(): void {
    const load = this.#choosesHosts ? this.options.host.load?.() : undefined;
    if (load !== undefined) this.setLoad('', load);
  }

  /** Consumers on demand may start on one of several hosts. */
  get #choosesHosts(): boolean {
    return [...this.options.state.queues.values()].some(({ pools }) => pools.length > 1);
  }

  #onGate(paused: boolean): void {
    for (const each of this.#local) each.pauseReading(paused);
    this.post({ type: paused ? 'reading-paused' : 'reading-resumed' });
  }

  /** Slaves tell of their memory themselves, but not those whose event loop is blocked. */
  #isToBeMeasured({ config: { memoryLimit, console } }: ProcessSpec): boolean {
    return memoryLimit !== undefined || (console === false && this.#heartbeats % SELDOM === 0);
  }
}

function originOf({ group }: Extract<LauncherEffect, { type: 'log' }>): LogOrigin {
  return group === undefined ? MASTER_ORIGIN : { group, ...MASTER_ORIGIN };
}
