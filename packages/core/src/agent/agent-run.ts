import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentHello, AgentIdentity, MeasuredEntry, SeenEntry } from '../agent-channel/agent-message.js';
import {
  specsOf,
  type MasterHello,
  type MasterMessage,
  type RunMessage,
  type TellMessage,
  type WantMessage,
} from '../agent-channel/master-message.js';
import { AGENT_PROTOCOL, CAPABILITIES, RENEWALS_PER_LEASE, SUMMARY_INTERVAL_MS } from '../agent-channel/protocol.js';
import type { AgentSpec } from '../agent-channel/terms.js';
import { Alarm } from '../clock/alarm.js';
import type { Clock } from '../clock/clock.js';
import { MASTER_ORIGIN } from '../logger/log-text.js';
import type { HostLoad } from '../process/host-load.js';
import type { AgentEngine, AgentEngineFactory } from './agent-engine.js';
import { AgentOutlet } from './agent-outlet.js';
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
  readonly #outlet: AgentOutlet;
  readonly #alarm: Alarm;
  #lease: Lease = NO_LEASE;
  #started = false;
  /** Ids of the processes that there are, by the master's last word. */
  readonly #known = new Set<number>();
  #generation = 0;
  /** The generation of what was carried out last. */
  #carriedOut = 0;
  /** By ids: the last generation that has asked for another start. */
  readonly #again = new Map<number, number>();
  /** It has come without the lease, and waits for it. */
  #deferred: WantMessage | undefined;
  /** The last notice that came. */
  #heard = 0;
  #left = false;
  /** What listens to events here is told of the end, or has been. */
  #farewell: 'none' | 'said' | 'heard' = 'none';
  #cancelRenewal = (): void => {};
  #cancelSummary = (): void => {};

  constructor(options: AgentRunOptions) {
    this.fleet = options.fleet;
    this.epoch = options.epoch;
    this.#options = options;
    this.#clock = options.clock;
    this.#alarm = new Alarm(options.clock, () => this.#onAlarm());
    this.#outlet = new AgentOutlet(options);
    this.#engine = options.createEngine(options, {
      sink: this.#outlet.sink,
      changed: (change) => this.#outlet.changed(change, this.#carriedOut),
      said: (id, incarnation, message) => this.#outlet.said(id, incarnation, message),
      forgotten: ({ display }) => this.#outlet.sink.forget(display),
      over: () => this.#onOver(),
    });
  }

  get link(): AgentLink | undefined {
    return this.#outlet.link;
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
    const told = this.#outlet.empty || this.link === undefined || this.#lease.phase === 'fenced';
    return this.#farewell === 'heard' && told;
  }

  /** Nothing runs, and nothing can unless a master says hello. */
  get dormant(): boolean {
    return this.link === undefined && !isHeld(this.#lease) && this.allOver;
  }

  open(): Promise<void> {
    return this.#engine.open();
  }

  /** The host is given back; nothing starts any more. */
  async close(): Promise<void> {
    this.detach();
    this.#alarm.cancel();
    this.#outlet.close();
    this.#engine.killAll();
    await this.#engine.close();
  }

  /** A master of this run has said hello: its link takes the place of any other. */
  attach(link: AgentLink, { leaseMs }: MasterHello): void {
    this.detach();
    this.#outlet.attach(link);
    this.#deferred = undefined;
    this.#decide({ type: 'hello', leaseMs });
    this.#outlet.send(this.#hello());
    this.#cancelRenewal = this.#every(leaseMs / RENEWALS_PER_LEASE, () => this.#askForLease());
    this.#cancelSummary = this.#every(SUMMARY_INTERVAL_MS, () => this.#summarize());
  }

  /** The link is gone, or another one has taken its place. */
  detach(): void {
    this.#cancelRenewal();
    this.#cancelSummary();
    this.#outlet.detach();
  }

  drained(): void {
    this.#outlet.drained();
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
    if (this.#lease === before || !isHeld(this.#lease)) return;
    this.#passLeaseOn();
    const deferred = this.#deferred;
    this.#deferred = undefined;
    if (deferred !== undefined) this.#want(deferred);
  }

  #passLeaseOn(): void {
    if (this.#started) this.#engine.leaseRenewed(remainingMs(this.#lease, this.#clock.monotonicMs()));
  }

  /** Without the lease nothing may begin: the master says all of it again when it has said hello again. */
  #onRun(message: RunMessage): void {
    this.#decide({ type: 'due' });
    if (this.#started) return this.#amend(message);
    if (!isHeld(this.#lease)) return;
    this.#started = true;
    const specs = specsOf(message);
    this.#know(specs);
    this.#engine.start(specs, message.limits, message.keys, message.hostEvents);
    this.#passLeaseOn();
  }

  /** Begins nothing, so it needs no lease. */
  #amend(message: RunMessage): void {
    const specs = specsOf(message);
    const listed = new Set(specs.map(({ spec }) => spec.id));
    const added = specs.filter(({ spec }) => !this.#known.has(spec.id));
    const retired = [...this.#known].filter((id) => !listed.has(id));
    for (const id of retired) this.#forget(id);
    this.#know(added);
    if (added.length > 0) this.#engine.add(added, message.keys);
    if (retired.length > 0) this.#engine.retire(retired);
  }

  #forget(id: number): void {
    this.#known.delete(id);
    this.#again.delete(id);
  }

  #know(specs: readonly AgentSpec[]): void {
    for (const { spec } of specs) this.#known.add(spec.id);
    this.#outlet.sink.know(specs);
  }

  /** Without the lease only what ends is begun; the rest waits for it. */
  #onWant(message: WantMessage): void {
    this.#decide({ type: 'due' });
    if (!this.#started || message.generation < this.#generation) return;
    this.#generation = message.generation;
    if (isHeld(this.#lease)) return this.#want(message);
    this.#deferred = message;
    for (const [id, each] of Object.entries(message.wanted)) if (each !== 'run') this.#engine.want(Number(id), each);
  }

  #want({ generation, wanted, cleared = {}, again = {} }: WantMessage): void {
    this.#carriedOut = generation;
    for (const [id, each] of Object.entries(cleared)) this.#engine.clear(Number(id), each);
    for (const [id, each] of Object.entries(wanted))
      this.#engine.want(Number(id), each, this.#isNew(Number(id), again[Number(id)]));
  }

  #isNew(id: number, asked: number = 0): boolean {
    if (asked <= (this.#again.get(id) ?? 0)) return false;
    this.#again.set(id, asked);
    return true;
  }

  /** Whatever has become of whom it is for, it has arrived. */
  #onTell({ sequence, id, incarnation, notice }: TellMessage): void {
    if (sequence > this.#heard) {
      this.#heard = sequence;
      this.#engine.tell(id, incarnation, notice);
    }
    this.#outlet.send({ type: 'heard', sequence: this.#heard });
  }

  #onConfirm(sequence: number): void {
    this.#outlet.confirm(sequence);
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
      this.#outlet.send({ type: 'lease', at: this.#clock.monotonicMs() });
    }
  }

  #summarize(): void {
    if (!this.#outlet.room) return;
    const seen = this.#engine
      .seen()
      .map(({ id, ageMs, rss }): SeenEntry => (rss === undefined ? [id, ageMs] : [id, ageMs, rss]));
    const measured = this.#engine.measured?.() ?? [];
    const measures = measured.map(({ id, incarnation, measure }): MeasuredEntry => [id, incarnation, measure]);
    this.#outlet.send({
      type: 'summary',
      ...this.#options.measure(),
      seen,
      ...(measures.length > 0 && { measured: measures }),
    });
  }

  #warn(message: string): void {
    this.#outlet.sink.write(MASTER_ORIGIN, 'warn', message);
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
