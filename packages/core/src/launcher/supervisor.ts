import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import { Alarm } from '../clock/alarm.js';
import type { Clock } from '../clock/clock.js';
import type { EventBus } from '../events/event-bus.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { LogOrigin, LogSink } from '../logger/logger.js';
import type { ProcessMeasure } from '../metrics/process-measure.js';
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
import { SupervisedProcess, type Supervision } from './supervised-process.js';
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
  /** How an incarnation does, maybe one that is over by now; what a measure does not tell is as before. */
  measured?(id: number, incarnation: number, measure: ProcessMeasure): void;
  /** There are more processes; nothing was told to them or about them yet. */
  added?(added: readonly Supervised[]): void;
  /** It was retired and is over. */
  forgot?(gone: Supervised): void;
  /** All events so far were decided and their effects carried out. */
  settled?(): void;
}

/**
 * The main loop of a launcher, master or agent: one mailbox of events, one decision at a time, effects carried out in
 * their order. What effects cause comes back through the mailbox, so that the state has one writer.
 */
export class Supervisor {
  readonly gate: ReadingGate;
  readonly #supervised = new Map<number, Supervised>();
  /** Those that no agent supervises. */
  readonly #local = new Set<SupervisedProcess>();
  /** Keep the last records of processes for those who still look at them. */
  readonly #keepers = new Map<number, (record: ProcessRecord) => void>();
  readonly #alarm: Alarm;
  readonly #mailbox: LauncherEvent[] = [];
  #draining = false;
  /** When an agent's lease ends, in monotonic milliseconds; a master has none. */
  #leaseEndsAt: number | undefined;
  #heartbeats = 0;

  constructor(private readonly options: SupervisorOptions) {
    this.#alarm = new Alarm(options.clock, () => this.post({ type: 'tick' }));
    this.gate = new ReadingGate(options.sink, (paused) => this.#onGate(paused));
    for (const { spec } of options.state.processes.values()) this.#supervise(spec);
  }

  /** In the order of their ids. */
  get supervised(): ReadonlyMap<number, Supervised> {
    return this.#supervised;
  }

  post(event: LauncherEvent): void {
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain();
  }

  /** Once a second: what is not caused by an event. */
  heartbeat(): void {
    this.#heartbeats++;
    for (const each of this.#supervised.values()) each.events.flush();
    for (const each of this.#local) if (this.#isToBeMeasured(each.spec)) each.measure();
    this.#measureHost();
  }

  measured(id: number, incarnation: number, measure: ProcessMeasure): void {
    this.options.listener.measured?.(id, incarnation, measure);
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

  #supervise(spec: ProcessSpec): Supervised {
    const shared = this.#sharedBy(spec);
    if (spec.agent === undefined) {
      const local = new SupervisedProcess(spec, shared);
      this.#local.add(local);
      this.#supervised.set(spec.id, local);
      return local;
    }
    const remote = new RemoteProcess(spec, shared);
    this.#supervised.set(spec.id, remote);
    return remote;
  }

  /** The record of this moment; of what is gone, the last. */
  #recordOf(spec: ProcessSpec): () => ProcessRecord {
    const { processes, forgotten } = this.options.state;
    let kept: ProcessRecord | undefined;
    this.#keepers.set(spec.id, (record) => (kept = record));
    return () => kept ?? processes.get(spec.id) ?? forgotten.get(spec.id)!;
  }

  #sharedBy(spec: ProcessSpec): Supervision {
    const { host, clock, sink, bus, epoch, queueLinks } = this.options;
    const record = this.#recordOf(spec);
    return {
      host,
      clock,
      sink,
      bus,
      gate: this.gate,
      lease: () => this.#lease,
      start: () => ({ protocol: CHANNEL_PROTOCOL, epoch: epoch() }),
      queueStart: (each: ProcessSpec, incarnation: number) => queueLinks.startOf(each, incarnation),
      queueMessage: (notice: QueueNotice) => queueLinks.message(notice),
      record,
      post: (id: number, event: Extract<LauncherEvent, { type: 'process' }>['event']) =>
        this.post({ type: 'process', id, event }),
      measured: (id: number, incarnation: number, measure: ProcessMeasure) => this.measured(id, incarnation, measure),
      postToQueue: (id: number, message: QueueSlaveMessage, incarnation?: number) =>
        this.post({ type: 'queue', id, message, ...(incarnation !== undefined && { incarnation }) }),
    };
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
        return this.#supervised.get(effect.id)!.tell(effect.notice);
      case 'relay':
        return this.#relay(effect);
      case 'publish':
        return this.options.listener.started();
      case 'added':
        return this.#add(effect.specs);
      case 'forget':
        return this.#forget(effect.id);
      case 'finish':
        return this.options.listener.finished(effect.exitCode);
    }
  }

  #relay({ id, message }: Extract<LauncherEffect, { type: 'relay' }>): void {
    const { listener, state } = this.options;
    const record = state.processes.get(id);
    if (record !== undefined) listener.relay?.(record, message);
  }

  #add(specs: readonly ProcessSpec[]): void {
    const added = specs.map((spec) => this.#supervise(spec));
    this.options.listener.added?.(added);
    for (const { events } of added) events.created();
  }

  #forget(id: number): void {
    const { state, listener } = this.options;
    const gone = this.#supervised.get(id)!;
    this.#keepers.get(id)!(state.forgotten.get(id)!);
    this.#keepers.delete(id);
    state.forgotten.delete(id);
    this.#supervised.delete(id);
    gone.events.flush();
    gone.forget?.();
    if (gone instanceof SupervisedProcess) this.#local.delete(gone);
    listener.forgot?.(gone);
  }

  #toProcess(id: number, effect: ProcessEffect): void {
    const { listener, state } = this.options;
    const supervised = this.#supervised.get(id)!;
    if (effect.type === 'publish') listener.publishing?.(state.processes.get(id) ?? state.forgotten.get(id)!, effect);
    supervised.carryOut(effect);
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
