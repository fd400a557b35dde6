import type { AgentLink } from '../agent-channel/agent-link.js';
import type {
  AgentHello,
  AgentIdentity,
  AgentMessage,
  AgentRecord,
  DemandOfFeeder,
  SeenEntry,
} from '../agent-channel/agent-message.js';
import {
  specsOf,
  type MasterHello,
  type MasterMessage,
  type RunMessage,
  type TellMessage,
  type WantMessage,
} from '../agent-channel/master-message.js';
import { AGENT_PROTOCOL, CAPABILITIES, RENEWALS_PER_LEASE, SUMMARY_INTERVAL_MS } from '../agent-channel/protocol.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import { Alarm } from '../clock/alarm.js';
import type { Clock } from '../clock/clock.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { HostLoad } from '../process/host-load.js';
import type { ProcessChange } from '../process/process-change.js';
import type { AgentEngine, AgentEngineFactory } from './agent-engine.js';
import { DemandRelay } from './demand-relay.js';
import {
  NO_LEASE,
  decideLease,
  isHeld,
  leaseDeadline,
  remainingMs,
  type Lease,
  type LeaseEffect,
  type LeaseEvent,
} from './lease-machine.js';
import { OutboxSink } from './outbox-sink.js';
import { Outbox } from './outbox.js';

/** How busy the agent's machine is. */
export interface AgentLoad extends HostLoad {
  /** Resident memory of the agent, in MB. */
  readonly rss: number;
}

export interface AgentRunOptions {
  readonly fleet: string;
  readonly epoch: number;
  /** Names this run of this agent. */
  readonly id: string;
  readonly identity: AgentIdentity;
  readonly createEngine: AgentEngineFactory;
  readonly clock: Clock;
  readonly measure: () => AgentLoad;
  /** Closes a link that the run has no use for any more. */
  readonly drop: (link: AgentLink) => void;
  /** Something changed that may let the run end, or a master in. */
  readonly onRest: () => void;
}

/** One run of a fleet on an agent: its engine, lease and records, and the link to the master that owns it. */
export class AgentRun {
  readonly fleet: string;
  readonly epoch: number;
  readonly #options: AgentRunOptions;
  readonly #clock: Clock;
  readonly #engine: AgentEngine;
  readonly #outbox = new Outbox();
  readonly #sink = new OutboxSink(this.#outbox, (record) => this.#add(record));
  readonly #demand: DemandRelay;
  readonly #alarm: Alarm;
  #lease: Lease = NO_LEASE;
  #started = false;
  #generation = 0;
  /** The last notice that came. */
  #heard = 0;
  #left = false;
  /** What listens to events here is told of the end, or has been. */
  #farewell: 'none' | 'said' | 'heard' = 'none';
  #link: AgentLink | undefined;
  /** The master has said on this link up to where it has the records. */
  #flowing = false;
  #room = true;
  #cancelRenewal = (): void => {};
  #cancelSummary = (): void => {};

  constructor(options: AgentRunOptions) {
    this.fleet = options.fleet;
    this.epoch = options.epoch;
    this.#options = options;
    this.#clock = options.clock;
    this.#alarm = new Alarm(options.clock, () => this.#onAlarm());
    this.#demand = new DemandRelay({ clock: options.clock, send: (demand) => this.#sendDemand(demand) });
    this.#engine = options.createEngine(options, {
      sink: this.#sink,
      changed: (change) => this.#onChange(change),
      said: (id, incarnation, message) => this.#onSaid(id, incarnation, message),
      over: () => this.#onOver(),
    });
  }

  get link(): AgentLink | undefined {
    return this.#link;
  }

  /** No process of ours lives. */
  get allOver(): boolean {
    return this.#engine.allOver;
  }

  /** It was told to end. */
  get left(): boolean {
    return this.#left;
  }

  /** A master of this run may say hello again: it was not told to end, and if it is fenced, then wholly. */
  get welcomes(): boolean {
    return !this.#left && (this.#lease.phase !== 'fenced' || this.allOver);
  }

  /** It was told to end and has; its master knows all that there was to tell, or cannot be told. */
  get finished(): boolean {
    const told = this.#outbox.empty || this.#link === undefined || this.#lease.phase === 'fenced';
    return this.#farewell === 'heard' && told;
  }

  /** Nothing runs, and nothing can unless a master says hello. */
  get dormant(): boolean {
    return this.#link === undefined && !isHeld(this.#lease) && this.allOver;
  }

  open(): Promise<void> {
    return this.#engine.open();
  }

  /** The host is given back; nothing starts any more. */
  async close(): Promise<void> {
    this.detach();
    this.#alarm.cancel();
    this.#demand.close();
    this.#engine.killAll();
    await this.#engine.close();
  }

  /** A master of this run has said hello: its link takes the place of any other. */
  attach(link: AgentLink, { leaseMs }: MasterHello): void {
    this.detach();
    this.#link = link;
    this.#room = true;
    this.#flowing = false;
    this.#outbox.rewind();
    this.#decide({ type: 'hello', leaseMs });
    this.#send(this.#hello());
    this.#cancelRenewal = this.#every(leaseMs / RENEWALS_PER_LEASE, () => this.#askForLease());
    this.#cancelSummary = this.#every(SUMMARY_INTERVAL_MS, () => this.#summarize());
  }

  /** The link is gone, or another one has taken its place. */
  detach(): void {
    this.#cancelRenewal();
    this.#cancelSummary();
    const link = this.#link;
    this.#link = undefined;
    if (link !== undefined) this.#options.drop(link);
  }

  drained(): void {
    this.#room = true;
    this.#pump();
  }

  receive(message: Exclude<MasterMessage, MasterHello>): void {
    switch (message.type) {
      case 'echo':
        return this.#onEcho(message.at);
      case 'run':
        return this.#onRun(message);
      case 'want':
        return this.#onWant(message);
      case 'tell':
        return this.#onTell(message);
      case 'confirm':
        return this.#onConfirm(message.sequence);
      case 'bye':
        return this.leave();
    }
  }

  /** Stops everything; what is left at the end of the lease is killed. */
  leave(): void {
    this.#left = true;
    this.#decide({ type: 'bye' });
    this.#rest();
  }

  #hello(): AgentHello {
    const { identity, id } = this.#options;
    return {
      type: 'hello',
      protocol: AGENT_PROTOCOL,
      ...identity,
      fleet: this.fleet,
      epoch: this.epoch,
      agent: id,
      running: this.#started,
      at: this.#clock.monotonicMs(),
      capabilities: CAPABILITIES,
    };
  }

  #onEcho(at: number): void {
    const before = this.#lease;
    this.#decide({ type: 'echo', at });
    if (this.#lease !== before && isHeld(this.#lease)) this.#passLeaseOn();
  }

  #passLeaseOn(): void {
    if (this.#started) this.#engine.leaseRenewed(remainingMs(this.#lease, this.#clock.monotonicMs()));
  }

  /** Without the lease nothing may begin: the master says all of it again when it has said hello again. */
  #onRun(message: RunMessage): void {
    this.#decide({ type: 'due' });
    if (this.#started || !isHeld(this.#lease)) return;
    this.#started = true;
    const specs = specsOf(message);
    this.#sink.know(specs);
    this.#engine.start(specs, message.limits, message.keys, message.hostEvents);
    this.#passLeaseOn();
  }

  #onWant({ generation, wanted, cleared = {} }: WantMessage): void {
    this.#decide({ type: 'due' });
    if (!this.#started || !isHeld(this.#lease) || generation < this.#generation) return;
    this.#generation = generation;
    for (const [id, each] of Object.entries(cleared)) this.#engine.clear(Number(id), each);
    for (const [id, each] of Object.entries(wanted)) this.#engine.want(Number(id), each);
  }

  /** Whatever has become of whom it is for, it has arrived. */
  #onTell({ sequence, id, incarnation, notice }: TellMessage): void {
    if (sequence > this.#heard) {
      this.#heard = sequence;
      this.#engine.tell(id, incarnation, notice);
    }
    this.#send({ type: 'heard', sequence: this.#heard });
  }

  #onConfirm(sequence: number): void {
    this.#outbox.confirm(sequence);
    this.#flowing = true;
    this.#pump();
    this.#options.onRest();
  }

  #decide(event: LeaseEvent): void {
    const [lease, effects] = decideLease(this.#lease, event, this.#clock.monotonicMs());
    this.#lease = lease;
    for (const effect of effects) this.#carryOut(effect);
    this.#alarm.set(leaseDeadline(lease));
  }

  #carryOut(effect: LeaseEffect): void {
    switch (effect) {
      case 'stop-all':
        if (!this.#left) this.#warn('The master is silent, stopping: half of the lease is over');
        return this.#engine.stopAll();
      case 'resume-all':
        return this.#engine.resumeAll();
      case 'kill-all':
        if (!this.allOver) this.#warn('The lease is over, killing all that is left');
        this.#engine.killAll();
        return this.#onOver();
    }
  }

  #onAlarm(): void {
    this.#decide({ type: 'due' });
  }

  /** A fenced agent is of no use to its master until it says hello again. */
  #onOver(): void {
    if (this.#lease.phase === 'fenced' && this.allOver && !this.#left) this.detach();
    this.#rest();
  }

  #rest(): void {
    if (this.#left && this.allOver && this.#farewell === 'none') this.#sayFarewell();
    this.#options.onRest();
  }

  #sayFarewell(): void {
    const heard = this.#engine.farewell?.();
    this.#farewell = heard === undefined ? 'heard' : 'said';
    void heard?.then(() => {
      this.#farewell = 'heard';
      this.#options.onRest();
    });
  }

  #askForLease(): void {
    if (isHeld(this.#lease) || this.#lease.phase === 'offered') {
      this.#send({ type: 'lease', at: this.#clock.monotonicMs() });
    }
  }

  #summarize(): void {
    if (!this.#room) return;
    const seen = this.#engine
      .seen()
      .map(({ id, ageMs, rss }): SeenEntry => (rss === undefined ? [id, ageMs] : [id, ageMs, rss]));
    this.#send({ type: 'summary', ...this.#options.measure(), seen });
  }

  #warn(message: string): void {
    this.#sink.write(MASTER_ORIGIN, 'warn', message);
  }

  /** What a feeder has said last is told before its end. */
  #onChange(change: ProcessChange): void {
    const last = change.published === 'process_stopped' ? this.#demand.takeLast(change.id) : undefined;
    if (last !== undefined) this.#onSaid(last.id, last.incarnation, last.demand, true);
    this.#add({ type: 'change', change });
  }

  #onSaid(id: number, incarnation: number, message: QueueSlaveMessage, last = false): void {
    if (message.type === 'demand' && !last) this.#demand.add(id, incarnation, message);
    else this.#add({ type: 'queue', id, incarnation, message });
  }

  #sendDemand(demand: DemandOfFeeder): boolean {
    const may = this.#flowing && this.#link !== undefined && this.#room;
    if (may) this.#send(demand);
    return may;
  }

  #add(record: AgentRecord): void {
    this.#outbox.add(record);
    this.#pump();
  }

  /** Sends what may be sent: records give way to everything else. */
  #pump(): void {
    if (!this.#flowing) return;
    this.#pumpRecords();
    this.#demand.pump();
  }

  #pumpRecords(): void {
    while (this.#link !== undefined && this.#room) {
      const record = this.#outbox.take();
      if (record === undefined) return;
      this.#send(record);
    }
  }

  #send(message: AgentMessage): void {
    if (this.#link !== undefined && !this.#link.send(message)) this.#room = false;
  }

  /** @returns the function that ends it */
  #every(intervalMs: number, action: () => void): () => void {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = this.#clock.setTimer(intervalMs, () => {
        again();
        action();
      });
    };
    again();
    return () => cancel();
  }
}
