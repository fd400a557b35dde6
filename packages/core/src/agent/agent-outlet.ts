import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentMessage, AgentRecord, DemandOfFeeder } from '../agent-channel/agent-message.js';
import type { QueueSlaveMessage } from '../channel/queue-message.js';
import type { Clock } from '../clock/clock.js';
import type { ProcessChange } from '../process/process-change.js';
import { DemandRelay } from './demand-relay.js';
import { OutboxSink } from './outbox-sink.js';
import { Outbox } from './outbox.js';

export interface AgentOutletOptions {
  readonly clock: Clock;
  /** Closes a link that the run has no use for any more. */
  readonly drop: (link: AgentLink) => void;
}

/** What an agent says to its master: on the present link, as fast as that takes it. Records give way to everything else. */
export class AgentOutlet {
  readonly #drop: (link: AgentLink) => void;
  readonly #outbox = new Outbox();
  readonly sink = new OutboxSink(this.#outbox, (record) => this.#add(record));
  readonly #demand: DemandRelay;
  #link: AgentLink | undefined;
  /** The master has said on this link up to where it has the records. */
  #flowing = false;
  #room = true;

  constructor({ clock, drop }: AgentOutletOptions) {
    this.#drop = drop;
    this.#demand = new DemandRelay({ clock, send: (demand) => this.#sendDemand(demand) });
  }

  get link(): AgentLink | undefined {
    return this.#link;
  }

  /** The link takes more now. */
  get room(): boolean {
    return this.#room;
  }

  /** The master has all that there was to tell. */
  get empty(): boolean {
    return this.#outbox.empty;
  }

  attach(link: AgentLink): void {
    this.#link = link;
    this.#room = true;
    this.#flowing = false;
    this.#outbox.rewind();
  }

  detach(): void {
    const link = this.#link;
    this.#link = undefined;
    if (link !== undefined) this.#drop(link);
  }

  close(): void {
    this.#demand.close();
  }

  drained(): void {
    this.#room = true;
    this.#pump();
  }

  confirm(sequence: number): void {
    this.#outbox.confirm(sequence);
    this.#flowing = true;
    this.#pump();
  }

  send(message: AgentMessage): void {
    if (this.#link !== undefined && !this.#link.send(message)) this.#room = false;
  }

  /**
   * What a feeder has said last is told before its end.
   *
   * @param generation of what was wanted last
   */
  changed(change: ProcessChange, generation: number): void {
    const last = change.published === 'process_stopped' ? this.#demand.takeLast(change.id) : undefined;
    if (last !== undefined) this.#tellQueue(last.id, last.incarnation, last.demand);
    this.#add({ type: 'change', change, generation });
  }

  said(id: number, incarnation: number, message: QueueSlaveMessage): void {
    if (message.type === 'demand') this.#demand.add(id, incarnation, message);
    else this.#tellQueue(id, incarnation, message);
  }

  #tellQueue(id: number, incarnation: number, message: QueueSlaveMessage): void {
    this.#add({ type: 'queue', id, incarnation, message });
  }

  #sendDemand(demand: DemandOfFeeder): boolean {
    const may = this.#flowing && this.#link !== undefined && this.#room;
    if (may) this.send(demand);
    return may;
  }

  #add(record: AgentRecord): void {
    this.#outbox.add(record);
    this.#pump();
  }

  #pump(): void {
    if (!this.#flowing) return;
    this.#pumpRecords();
    this.#demand.pump();
  }

  #pumpRecords(): void {
    while (this.#link !== undefined && this.#room) {
      const record = this.#outbox.take();
      if (record === undefined) return;
      this.send(record);
    }
  }
}
